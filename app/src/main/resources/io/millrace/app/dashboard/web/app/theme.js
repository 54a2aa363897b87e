// A classic script, run before the first paint: the stored theme must be on the root element by then, or the page flashes.
// The storage can be closed to the page (a browser's setting); the system's theme then holds.
(() => {
  const KEY = 'millrace.theme';
  const CHOICES = ['system', 'light', 'dark'];

  const read = () => {
    try {
      const stored = localStorage.getItem(KEY);
      return CHOICES.includes(stored) ? stored : 'system';
    } catch {
      return 'system';
    }
  };

  const apply = (choice) => {
    document.documentElement.dataset.theme = choice;
  };

  window.millraceTheme = {
    current: read,
    /** Goes on to the next choice, keeps it, and returns it. */
    next() {
      const choice = CHOICES[(CHOICES.indexOf(document.documentElement.dataset.theme) + 1) % CHOICES.length];
      apply(choice);
      try {
        localStorage.setItem(KEY, choice);
      } catch {
        // Then it holds until the page is loaded anew.
      }
      return choice;
    },
  };
  apply(read());
})();
