// Before the first paint: the chosen theme, and which room the static shell stands for.
try {
  var theme = localStorage.getItem('credits.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the system.
}
var home = new URL('.', document.currentScript.src).pathname;
document.documentElement.dataset.room = (location.pathname + '/').replace(/\/+$/, '/') === home ? 'dashboard' : 'other';
