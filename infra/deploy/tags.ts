/** Tags in the three ways in which AWS services write them. */
import type { Tags } from "./resource.ts";

/** `[{ Key, Value }]`: most services. */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** `[{ key, value }]`: ECS. */
export const smallTagList = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }));

/** EC2 takes tags for several types of resources, and shows the tag `Name` as the name. */
export const tagSpecifications = <Type extends string>(ResourceType: Type, Name: string, tags: Tags) => [
  { ResourceType, Tags: tagList({ Name, ...tags }) },
];
