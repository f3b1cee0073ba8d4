/** A registry for images in the place of ECR's: moto knows repositories and tokens, but takes no push. */
import { ECR } from "@aws-sdk/client-ecr";
import { execa } from "execa";
import { GenericContainer, Wait } from "testcontainers";
import type { AwsRequest, AwsResponse, Between } from "./aws-proxy.ts";

const IMAGE = "registry:2";
const PORT = 5000;
/** The password in moto's tokens, and its bcrypt hash: who has not logged in with the token cannot push. */
const PASSWORD = "123456789012-auth-token";
const HTPASSWD = "AWS:$2b$05$abcdefghijklmnopqrstuu/4ofrUS75HrKu6f.iuRo0I/XlrmpqlC\n";
/** The name of ECR's registry in answers of AWS. */
const ECR_REGISTRY = /\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com/g;

export interface Registry {
  /** `127.0.0.1:PORT`, which Docker trusts without TLS. */
  address: string;
  /** Gives ECR this registry's address, and tells moto of what was pushed. @param moto address of the API server */
  asEcr(moto: string): Between;
  /** Manifests that were pushed, in their order: `REPOSITORY:TAG`. */
  pushes(): Promise<string[]>;
  /** The digest under which the registry serves a tag. */
  digestOf(repository: string, tag: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const lines: string[] = [];
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts(PORT)
    .withCopyContentToContainer([{ target: "/etc/docker/htpasswd", content: HTPASSWD }])
    .withEnvironment({
      REGISTRY_AUTH: "htpasswd",
      REGISTRY_AUTH_HTPASSWD_REALM: "ecr",
      REGISTRY_AUTH_HTPASSWD_PATH: "/etc/docker/htpasswd",
    })
    .withLogConsumer((stream) => stream.on("data", (line: Buffer | string) => lines.push(String(line))))
    .withWaitStrategy(Wait.forHttp("/v2/", PORT).withBasicCredentials("AWS", PASSWORD))
    .start();
  const address = `127.0.0.1:${container.getMappedPort(PORT)}`;

  /** A manifest as the registry serves it; undefined where there is none. */
  const manifest = async (repository: string, tag: string) => {
    const response = await get(address, `${repository}/manifests/${tag}`);
    return {
      imageManifest: await response.text(),
      imageManifestMediaType: response.headers.get("content-type") ?? "",
      imageDigest: response.headers.get("docker-content-digest") ?? "",
    };
  };

  const tell = async (ecr: ECR, repositoryName: string): Promise<void> => {
    const response = await get(address, `${repositoryName}/tags/list`);
    const { tags } = response.ok ? ((await response.json()) as { tags: string[] }) : { tags: [] };
    const { imageDetails = [] } = await ecr.describeImages({ repositoryName });
    const known = new Set(imageDetails.flatMap(({ imageTags }) => imageTags ?? []));
    for (const imageTag of tags.filter((tag) => !known.has(tag))) {
      await ecr.putImage({ repositoryName, imageTag, ...(await manifest(repositoryName, imageTag)) });
    }
  };

  return {
    address,
    asEcr: (moto) => {
      const ecr = new ECR({ endpoint: moto, region: "us-east-1" });
      return async (request, forward) => {
        if (request.operation === "DescribeImages") await tell(ecr, repositoryIn(request)).catch(() => {});
        return renamed(await forward(), address);
      };
    },
    pushes: async () => {
      // GET requests wait for the log as well: the last push stands in it once they are there.
      await get(address, "");
      return lines.flatMap((line) => {
        const [, repository, tag] = /"PUT \/v2\/([^/]+)\/manifests\/(\S+) /.exec(line) ?? [];
        return repository ? [`${repository}:${tag}`] : [];
      });
    },
    digestOf: async (repository, tag) => (await manifest(repository, tag)).imageDigest,
    async stop() {
      await container.stop();
      await execa("docker", ["logout", address], { reject: false });
      await removeImages(address);
    },
  };
}

/** Removes what was built under the registry's name or pulled from it: nobody else can use it. */
async function removeImages(address: string): Promise<void> {
  const format = '{{.Repository}}{{if eq .Tag "<none>"}}@{{.Digest}}{{else}}:{{.Tag}}{{end}}';
  const filter = `reference=${address}/*`;
  const { stdout } = await execa("docker", ["image", "ls", "--digests", "--format", format, "--filter", filter]);
  const names = stdout.split("\n").filter(Boolean);
  if (names.length > 0) await execa("docker", ["image", "rm", ...new Set(names)]);
}

const ACCEPT = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

const get = (address: string, path: string): Promise<Response> => {
  const Authorization = `Basic ${Buffer.from(`AWS:${PASSWORD}`).toString("base64")}`;
  return fetch(`http://${address}/v2/${path}`, { headers: { Authorization, Accept: ACCEPT } });
};

const repositoryIn = ({ body }: AwsRequest): string =>
  (JSON.parse(body.toString()) as { repositoryName: string }).repositoryName;

function renamed(response: AwsResponse, address: string): AwsResponse {
  if (!response.body.includes(".dkr.ecr.")) return response;
  return { ...response, body: Buffer.from(response.body.toString().replaceAll(ECR_REGISTRY, address)) };
}
