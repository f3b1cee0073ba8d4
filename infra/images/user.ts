/** The user and the group of every container of Node, by number: nobody in particular. The Dockerfiles name it too. */
export const USER = 65532;
