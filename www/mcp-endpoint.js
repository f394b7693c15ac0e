/**
 * `/mcp` of a site that only has a dumb host: the service worker answers it for the site's own pages, from the same
 * module as the tools in the page.
 *
 *   POST mcp ── a message? ── headers as the body? ── method ──► Agents ──► one JSON answer
 *                  400              400                404
 *
 * It frames what the tools say, in both eras of the protocol: with a handshake until 2025-11-25, without one since
 * 2026-07-28. `mcdewey serve` has the whole protocol and the encoder, so where a server answers `/mcp` it is left to.
 * What is asked stays on this device: the host is only asked whether it answers at all.
 */

/** Largest message, in bytes: the server's limit. */
const LARGEST_MESSAGE = 128 << 10;
/** The revision without a handshake, and those with one, the newest first. */
const MODERN = "2026-07-28";
const LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26"];
/** How long what is listed, and what is read, may be taken for true, in ms. */
const LIST_TTL_MS = 300_000;
const READ_TTL_MS = 60_000;

/** JSON-RPC's and the protocol's codes, with the status that goes with each in the newest revision. */
const PARSE_ERROR = { code: -32700, status: 400 };
const INVALID_REQUEST = { code: -32600, status: 400 };
const METHOD_NOT_FOUND = { code: -32601, status: 404 };
const INVALID_PARAMS = { code: -32602, status: 200 };
const INTERNAL_ERROR = { code: -32603, status: 200 };
const HEADER_MISMATCH = { code: -32020, status: 400 };

/** A message that is answered with an error. */
class Refused extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

export class McpEndpoint {
  #address;
  #load;
  /** @type {Promise<object>|undefined} */
  #agents;
  /** @type {Promise<boolean>|undefined} */
  #served;

  /**
   * @param {string} root The site's root.
   * @param {() => Promise<object>} load Brings the `Agents` of this site.
   */
  constructor(root, load) {
    this.#address = `${root}mcp`;
    this.#load = load;
  }

  /** Whether a request is for this endpoint. What a query asks for (`?profile=`), only a server gives. */
  takes(request) {
    return request.url === this.#address;
  }

  /**
   * @param {Request} request
   * @returns {Promise<Response>}
   */
  async answer(request) {
    this.#served ??= answersItself(this.#address);
    if (await this.#served) return fetch(request);
    if (request.method !== "POST") return new Response("expected POST\n", { status: 405, headers: { allow: "POST" } });
    let id = null;
    const modern = request.headers.get("mcp-protocol-version") === MODERN;
    try {
      const message = parse(await request.arrayBuffer());
      if (message.id === undefined) return new Response(null, { status: 202 });
      id = message.id;
      if (modern) compareHeaders(request.headers, message);
      const result = await this.#result(message, modern);
      return json(200, { jsonrpc: "2.0", id, result });
    } catch (thrown) {
      const { kind, message } = refusalOf(thrown);
      const error = { code: kind.code, message };
      return json(modern || kind.status === 400 ? kind.status : 200, { jsonrpc: "2.0", id, error });
    }
  }

  async #result({ method, params = {} }, modern) {
    const answer = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
    if (!answer) throw new Refused(METHOD_NOT_FOUND, "there is no such method");
    this.#agents ??= this.#load().catch((thrown) => {
      this.#agents = undefined;
      throw thrown;
    });
    const { ttl, ...result } = await answer(await this.#agents, params);
    if (!modern) return result;
    return { ...result, resultType: "complete", ...(ttl !== undefined && { ttlMs: ttl, cacheScope: "private" }) };
  }
}

/** What is answered to each method; `ttl` is how long it may be kept, for revisions that say so. */
const METHODS = {
  async initialize(agents, { protocolVersion }) {
    const version = LEGACY.includes(protocolVersion) ? protocolVersion : LEGACY[0];
    return { protocolVersion: version, ...(await introduction(agents)), serverInfo: server(agents) };
  },
  async "server/discover"(agents) {
    const _meta = { "io.modelcontextprotocol/serverInfo": server(agents) };
    return { supportedVersions: [...LEGACY, MODERN], ...(await introduction(agents)), _meta, ttl: 0 };
  },
  ping: async () => ({}),
  "tools/list": async (agents) => ({ tools: JSON.parse(agents.tools()), ttl: LIST_TTL_MS }),
  async "tools/call"(agents, { name, arguments: given }) {
    return JSON.parse(await agents.call(text("name", name), JSON.stringify(given ?? {})));
  },
  async "resources/list"(agents, { cursor }) {
    return { ...JSON.parse(await agents.resources(cursor)), ttl: LIST_TTL_MS };
  },
  async "resources/templates/list"(agents) {
    return { resourceTemplates: JSON.parse(agents.templates()), ttl: LIST_TTL_MS };
  },
  async "resources/read"(agents, { uri }) {
    return { ...JSON.parse(await agents.resource(text("uri", uri))), ttl: READ_TTL_MS };
  },
  "prompts/list": async () => ({ prompts: [], ttl: LIST_TTL_MS }),
  async "prompts/get"() {
    throw new Refused(INVALID_PARAMS, "there are no prompts; the tools are in tools/list");
  },
  async "completion/complete"(agents, { ref, argument, context }) {
    const given = JSON.stringify(context?.arguments ?? {});
    const [template, name, typed] = [text("ref.uri", ref?.uri), argument?.name, argument?.value];
    return JSON.parse(await agents.complete(template, text("argument.name", name), text("argument.value", typed), given));
  },
};

async function introduction(agents) {
  const capabilities = { completions: {}, prompts: {}, resources: {}, tools: {} };
  return { capabilities, instructions: await agents.instructions() };
}

function server(agents) {
  return { name: "mcdewey", title: "McDewey manuals", version: agents.version() };
}

/** Whether a server answers at an address: it says that it wants a POST or a token. */
async function answersItself(address) {
  try {
    const { status, headers } = await fetch(address, { cache: "no-store" });
    return status === 401 || (status === 405 && /\bPOST\b/.test(headers.get("allow") ?? ""));
  } catch {
    return false;
  }
}

/** The message in these bytes. */
function parse(bytes) {
  if (bytes.byteLength > LARGEST_MESSAGE) {
    throw new Refused(INVALID_REQUEST, `a message has at most ${LARGEST_MESSAGE >> 10} kB`);
  }
  let message;
  try {
    message = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refused(PARSE_ERROR, "the message is not JSON");
  }
  const { jsonrpc, id, method } = Object(message);
  if (Array.isArray(message) || jsonrpc !== "2.0" || typeof method !== "string") {
    throw new Refused(INVALID_REQUEST, 'expected one message with "jsonrpc": "2.0" and a method');
  }
  if (!["undefined", "string", "number"].includes(typeof id)) {
    throw new Refused(INVALID_REQUEST, "the id of a request is a text or a number");
  }
  return message;
}

/** The newest revision says twice what is called, for who passes messages on without reading them. */
function compareHeaders(headers, { method, params }) {
  const named = { "tools/call": params?.name, "resources/read": params?.uri, "prompts/get": params?.name }[method];
  for (const [header, value] of Object.entries({ "Mcp-Method": method, ...(named && { "Mcp-Name": named }) })) {
    if (headers.get(header) !== value) throw new Refused(HEADER_MISMATCH, `${header}: expected what the body says`);
  }
}

function text(name, value) {
  if (typeof value !== "string") throw new Refused(INVALID_PARAMS, `${name}: expected a text`);
  return value;
}

/** Whatever was thrown, as a refusal: our own, the tools', or a fault. */
function refusalOf(thrown) {
  if (thrown instanceof Refused) return thrown;
  const message = String(thrown?.message ?? thrown);
  return new Refused(thrown?.code === "unknown" ? INVALID_PARAMS : INTERNAL_ERROR, message);
}

function json(status, body) {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}
