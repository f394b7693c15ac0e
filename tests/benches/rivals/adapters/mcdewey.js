/**
 * McDewey, asked through the session that its search box has: by `keyword`, by `words` and the vectors that come with them,
 * or with the `encoder`. The session waits 180 ms for the next key before it looks at meaning; that is part of its answers.
 */

let session;
let way;

export async function open(base, chosen) {
  way = chosen;
  const index = await (await fetch(`${base}index.json`)).json();
  const { Session } = await import(`${base}${index.app}/session.js`);
  session = new Session(new URL(base));
  session.open();
  if (way !== "encoder") return;
  const upgraded = told("state", ({ state }) => state === "upgraded");
  await told("state", ({ state }) => state === "ready");
  session.upgrade();
  await upgraded;
}

export async function search(query, limit) {
  const answered = told("answer", ({ more }) => !more);
  session.ask({ query, limit, ...(way === "keyword" && { mode: "keyword" }) });
  const { answer } = await answered;
  return answer.hits.map(({ url }) => url);
}

/** The next of these events that is wanted. */
function told(event, wanted) {
  return new Promise((resolve, reject) => {
    const listen = ({ detail }) => {
      if (!wanted(detail)) return;
      session.removeEventListener(event, listen);
      resolve(detail);
    };
    session.addEventListener(event, listen);
    session.addEventListener("failed", ({ detail }) => reject(new Error(detail.failure.message)), { once: true });
  });
}
