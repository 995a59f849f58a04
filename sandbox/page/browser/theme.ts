/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const key = 'theme';
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find(each => each === stored) ?? 'auto';
}

export function applyTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  document.documentElement.dataset.theme = theme;
}

export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
}
