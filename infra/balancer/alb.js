// What an Application Load Balancer says in its own voice: trace ids, error pages, the Server header.
// nginx runs this file in njs, the gateway imports it in Node: only what both languages have may stand here.

const SERVER = "awselb/2.0";

// The reason phrases of nginx, which the load balancer shares. It gives none for a status of its own (463).
const REASONS = {
  400: "Bad Request",
  405: "Not Allowed",
  408: "Request Time-out",
  414: "Request-URI Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
  505: "HTTP Version Not Supported",
};

function reason(status) {
  return REASONS[status] || "";
}

function errorPage(status) {
  const title = `${status} ${reason(status)}`;
  return (
    `<html>\r\n<head><title>${title}</title></head>\r\n` +
    `<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  );
}

function hex(number, digits) {
  return number.toString(16).padStart(digits, "0");
}

// 1-<8 hexadecimal digits: seconds since 1970>-<24 random ones>
function newTraceId(seconds) {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(12)));
  return `1-${hex(seconds, 8)}-${bytes.map((byte) => hex(byte, 2)).join("")}`;
}

// A request without a Root starts a trace; with one, the balancer puts itself before it as Self, in place of an earlier
// Self. Fields of applications stay.
function nextTrace(received, seconds) {
  const fields = (received || "")
    .split(";")
    .map((field) => field.trim())
    .filter((field) => field !== "" && !field.startsWith("Self="));
  const own = fields.some((field) => field.startsWith("Root=")) ? "Self=" : "Root=";
  return [own + newTraceId(seconds)].concat(fields).join(";");
}

function now() {
  return Math.floor(Date.now() / 1000);
}

// From here on: what nginx calls, with its request object.

function trace(r) {
  return nextTrace(r.headersIn["X-Amzn-Trace-Id"], now());
}

// All header lines, "\nname: value" each: http-header conditions search them one by one, as `$http_…` cannot.
function headerLines(r) {
  return r.rawHeadersIn.map((line) => `\n${line[0].toLowerCase()}: ${line[1]}`).join("") + "\n";
}

function answer(r, status) {
  r.headersOut["Server"] = SERVER;
  r.return(status, errorPage(status));
}

function refuse(r) {
  answer(r, Number(r.variables.status));
}

// nginx says 502 for a target group without targets as well, and names the group instead of an address.
function badGateway(r) {
  const hasTarget = /:\d+$/.test(r.variables.upstream_addr || "");
  answer(r, hasTarget ? 502 : 503);
}

export default { SERVER, reason, errorPage, nextTrace, now, trace, headerLines, refuse, badGateway };
