import { render } from 'preact';
import { App } from './app.ts';
import { html } from './html.ts';
import { applyTheme, storedTheme } from './theme.ts';

applyTheme(storedTheme());
render(html`<${App} />`, document.body);
