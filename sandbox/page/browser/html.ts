import type { ComponentChildren } from 'preact';

/** JSX without a build step: templates that become elements. */
export { html } from 'htm/preact';

/** What a view shows inside another. */
export type Children = ComponentChildren;
