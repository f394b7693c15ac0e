// A host shows 404.html under any address, so its relative links lead nowhere until the site's root is known. The
// style sheet's name is made from its content: the folder above us that has it is the root.
const { app } = document.currentScript.dataset;
const folders = location.pathname.split("/").slice(1, -1);

function tryFolder(depth) {
  if (depth > folders.length) return;
  const root = ["", ...folders.slice(0, depth), ""].join("/");
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = `${root}${app}/style.css`;
  style.onload = () => {
    for (const link of document.querySelectorAll("[data-below-root]")) {
      const name = link.localName === "form" ? "action" : "href";
      link.setAttribute(name, root + link.dataset.belowRoot);
    }
  };
  style.onerror = () => {
    style.remove();
    tryFolder(depth + 1);
  };
  document.head.append(style);
}

tryFolder(0);

// What was looked for is often in the address: `/guide/schedule-a-call/`. One that is no valid encoding is left alone.
try {
  const wanted = decodeURI(location.pathname).split("/").filter(Boolean).pop() ?? "";
  document.querySelector("input[name=q]").value = wanted.replace(/\.\w+$/, "").replace(/[-_+.]+/g, " ");
} catch {}
