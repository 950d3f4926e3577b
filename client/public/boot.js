// Before the first paint: the chosen theme, the language, which room the static shell stands for, and the code of that room is asked for.
try {
  var theme = localStorage.getItem('credits.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the system.
}
// The one that was chosen, else the first of the viewer's that there is; English when there is none.
var languages = document.querySelector('meta[name="languages"]').content.split(' ');
var wanted = [].concat(navigator.languages || []);
try {
  wanted.unshift(localStorage.getItem('credits.language') || '');
} catch {
  // Nothing was chosen.
}
wanted.some(function (locale) {
  var language = locale.toLowerCase().split('-')[0];
  if (!languages.includes(language)) return false;
  document.documentElement.lang = language;
  if (language === 'ar') document.documentElement.dir = 'rtl';
  return true;
});
var base = document.querySelector('meta[name="base-path"]').content.replace(/^\.?\/|\/$/g, '');
var room = location.pathname.replace(/^\/|\/+$/g, '');
if (base !== '' && (room + '/').startsWith(base + '/')) room = room.slice(base.length + 1);
document.documentElement.dataset.room = room === '' ? 'dashboard' : 'other';
document.querySelectorAll('meta[name="room-code"]').forEach(function (code) {
  if (code.dataset.room !== room) return;
  var link = document.createElement('link');
  link.rel = 'modulepreload';
  link.crossOrigin = '';
  link.href = code.content;
  document.head.append(link);
});
// After it, while the application is under way: a browser reads its tables of languages once, and takes its time.
requestAnimationFrame(function () {
  setTimeout(function () {
    new Intl.NumberFormat('en').format(0);
    setTimeout(function () {
      new Intl.DateTimeFormat('en', { hour: 'numeric' }).format(0);
    });
  });
});
