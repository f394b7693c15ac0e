/**
 * A long manual has the rest of its pages in other files. Its own has a link for each, with the id that the page would
 * have: who comes for one is led on.
 */

function leadOn() {
  if (location.hash.length < 2) return;
  let id;
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch {
    return; // No valid encoding, so no id of ours.
  }
  const line = document.getElementById(id);
  if (line?.matches(".parts a")) location.replace(line.href);
}

if (document.querySelector(".parts")) {
  addEventListener("hashchange", leadOn);
  leadOn();
}
