// A page that is behind its own command asks again, less and less often, and is loaded anew when it has caught up.

const pauses = [500, 500, 1000, 1000, 2000, 2000, 3000, 5000, 5000, 10000];

export async function watchPending(place) {
  for (const pause of pauses) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.visibilityState === "hidden") continue;
    try {
      const answer = await fetch(place.dataset.pending, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      if (!(await answer.json()).pending) {
        location.reload();
        return;
      }
    } catch {
      return;
    }
  }
}
