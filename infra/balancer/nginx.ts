/** The rule table as an nginx configuration that behaves like an Application Load Balancer. */
import { anonymousHost } from "./host.ts";
import { assertAcceptable } from "./limits.ts";
import { ruleBlocks } from "./nginx-rules.ts";
import { weightsVariable } from "./nginx-weights.ts";
import { targetGroupsOf, type RuleTable } from "./rules.ts";

export interface NginxOptions {
  /** By target group: DNS name and port of its tasks. The name is resolved again every second. */
  addresses: Readonly<Record<string, string>>;
  /** DNS server that knows the tasks; Docker's own unless given. */
  resolver?: string;
  /** TCP port that nginx listens on; 8080 unless given, because a process that is not root cannot have 80. */
  port?: number;
  /** Seconds that a connection may be silent while a request is under way; 60 unless given. */
  idleTimeout?: number;
}

/** TCP port, inside the container only, that answers 200 as long as nginx runs; `/weights` says with which weights. */
const healthPort = 8081;

/** Makes the configuration. Throws an `Error` that lists what an Application Load Balancer would refuse. */
export function nginxConfiguration(table: RuleTable, options: NginxOptions): string {
  assertAcceptable(table);
  const { addresses, resolver = "127.0.0.11", port = 8080, idleTimeout = 60 } = options;
  const upstreams = targetGroupsOf(table).map((group) => {
    const address = addresses[group];
    if (address === undefined) throw new Error(`No address is known for target group "${group}"`);
    return upstreamBlock(group, address);
  });
  return `# Made by infra/balancer/main.ts from infra/forum.ts: change it there.
load_module modules/ngx_http_js_module.so;
daemon off;
pid /tmp/nginx.pid;
error_log stderr warn;
worker_processes 2;
# The deregistration delay: requests may take so long to finish after a reload.
worker_shutdown_timeout 300s;

events {
  worker_connections 4096;
}

http {
${indent(logging)}

${indent(own)}

${indent(limitsOf(idleTimeout))}

${indent(variables(port))}

  # The listener rules.
${indent(ruleBlocks(table).join("\n"))}
  # Other weights for them, written while nginx runs.
  include /var/lib/alb/*.conf;

  # The target groups. The DNS server has one address for each of their tasks.
  resolver ${resolver} valid=1s ipv6=off;
${indent(upstreams.join("\n"))}

${indent(listener(port, idleTimeout))}

  server {
    listen 127.0.0.1:${healthPort};
    access_log off;
    location / {
      return 200;
    }
    location = /weights {
      return 200 "${table.rules.map((rule) => `${weightsVariable(rule)}\\n`).join("")}";
    }
  }
}
`;
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, "  ");

const logging = `log_format alb escape=json '{"time":"$time_iso8601","request":"$request",'
  '"status":$status,"seconds":$request_time,"targetGroup":"$proxy_host","target":"$upstream_addr","trace":"$alb_trace"}';
access_log /dev/stdout alb;
# Everything that nginx might write lies in /tmp, so that the rest of the file system can be read-only.
client_body_temp_path /tmp/client-body;
proxy_temp_path /tmp/proxy;
fastcgi_temp_path /tmp/fastcgi;
scgi_temp_path /tmp/scgi;
uwsgi_temp_path /tmp/uwsgi;`;

const own = `# What the balancer says in its own voice.
js_path /etc/nginx/;
js_import alb from alb.js;
js_set $alb_trace alb.trace;
js_set $alb_header_lines alb.headerLines;
default_type text/html;
server_tokens off;`;

const limitsOf = (idleTimeout: number): string => `client_header_buffer_size 1k;
large_client_header_buffers 4 16k;
client_max_body_size 0;
underscores_in_headers on;
ignore_invalid_headers off;
client_header_timeout ${idleTimeout}s;
client_body_timeout ${idleTimeout}s;
send_timeout ${idleTimeout}s;
keepalive_timeout 60s;
keepalive_time 1h;
keepalive_requests 10000;
# Without it, a reload resets connections on which a client is just sending its next request.
keepalive_min_timeout 5s;`;

const variables = (port: number): string => `map $http_upgrade $websocket {
  default "";
  "~*^websocket$" websocket;
}
map $websocket $connection_header {
  default "";
  websocket upgrade;
}
map $http_x_forwarded_for $has_too_many_addresses {
  default 0;
  "~^(?:[^,]*,){30}" 1;
}
map $request_port $host_header {
  default ${[80, 443].includes(port) ? "$host" : "$host:$request_port"};
  "" ${[80, 443].includes(port) ? "$host" : `$host:${port}`};
}`;

const upstreamBlock = (group: string, address: string): string => `upstream ${group} {
  zone ${group} 64k;
  server ${address} resolve max_fails=0;
  keepalive 64;
  keepalive_timeout 60s;
}`;

const listener = (port: number, idleTimeout: number): string => `server {
  listen ${port};
  server_name ${anonymousHost};

  proxy_http_version 1.1;
  proxy_set_header Host $host_header;
  proxy_set_header Connection $connection_header;
  proxy_set_header Upgrade $websocket;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Port $server_port;
  proxy_set_header X-Amzn-Trace-Id $alb_trace;
  proxy_connect_timeout 10s;
  proxy_read_timeout ${idleTimeout}s;
  proxy_send_timeout ${idleTimeout}s;
  # A request goes to one target, once: retries would hide failures that users see in production.
  proxy_next_upstream off;
  proxy_request_buffering off;
  proxy_buffering off;
  proxy_buffer_size 32k;
  proxy_buffers 8 32k;
  proxy_redirect off;
  # Headers with which an application could command nginx mean nothing to a load balancer.
  proxy_ignore_headers X-Accel-Redirect X-Accel-Buffering X-Accel-Limit-Rate X-Accel-Charset;
  proxy_pass_header X-Accel-Redirect;
  proxy_pass_header X-Accel-Buffering;
  proxy_pass_header X-Accel-Limit-Rate;
  proxy_pass_header X-Accel-Charset;
  proxy_pass_header X-Accel-Expires;
  proxy_pass_header Server;
  proxy_pass_header Date;

  location / {
    if ($has_too_many_addresses) {
      return 463;
    }
    proxy_pass http://$target_group;
  }

  # No request has a normalised path with two slashes, so these two locations hide no path of an application.
  error_page 400 405 408 414 463 500 501 504 505 //refuse;
  error_page 494 =400 //refuse;
  error_page 502 = //bad-gateway;
  location = //refuse {
    internal;
    js_content alb.refuse;
  }
  location = //bad-gateway {
    internal;
    js_content alb.badGateway;
  }
}`;
