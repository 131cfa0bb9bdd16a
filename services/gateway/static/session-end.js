// Says two minutes before that the connection is about to close, and lets it go on. A page that is opened in another tab
// keeps the connection open for all of them.

const WARNED = 120;

export function watchSession(place) {
  const [soon, over] = ["soon", "over"].map((name) => place.querySelector(`[data-ending="${name}"]`));
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let ends = 0;
  let back = null;

  function show(words) {
    if (words && place.hidden) place.hidden = false;
    for (const one of [soon, over]) one.hidden = one !== words;
    if (!words) place.hidden = true;
  }

  function lasts(seconds) {
    ends = Date.now() + seconds * 1000;
    show(null);
  }

  function look() {
    const left = ends - Date.now();
    const words = left <= 0 ? over : left <= WARNED * 1000 ? soon : null;
    if (words && words.hidden) show(words);
  }

  async function stay() {
    try {
      const answer = await fetch("/connexion/prolonger", { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return show(over);
      const { lasts: seconds } = await answer.json();
      lasts(seconds);
      tabs?.postMessage(seconds);
      back?.focus();
    } catch {
      // without a connection the warning stays
    }
  }

  document.addEventListener("focusin", (event) => {
    if (!place.contains(event.target)) back = event.target;
  });
  document.addEventListener("visibilitychange", look);
  place.querySelector("button").addEventListener("click", stay);
  if (tabs) tabs.onmessage = (message) => lasts(message.data);
  lasts(Number(place.dataset.sessionEnd));
  tabs?.postMessage(Number(place.dataset.sessionEnd));
  setInterval(look, 1000);
}
