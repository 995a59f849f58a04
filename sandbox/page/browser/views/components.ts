import { componentTypes as types } from '../../../discord/numbers.ts';
import type { PageMessage } from '../../protocol.ts';
import { type Component, componentsOf, mediaOf } from '../components.ts';
import { html } from '../html.ts';
import { Attachment, Hidden } from './attachment.ts';
import { ComponentButton } from './component-button.ts';
import { Markdown } from './markdown.ts';
import { MessageSelect } from './message-select.ts';

/** A message's components, old and new. */
export function Components({ of, message }: { of: readonly unknown[]; message: PageMessage }) {
  return componentsOf(of).map(each => html`<${One} it=${each} message=${message} />`);
}

function One({ it, message }: { it: Component; message: PageMessage }) {
  const below = () => (it.components ?? []).map(each => html`<${One} it=${each} message=${message} />`);
  switch (it.type) {
    case types.actionRow:
      return html`<div class="row">${below()}</div>`;
    case types.button:
      return html`<${ComponentButton} it=${it} message=${message} />`;
    case types.stringSelect:
    case types.userSelect:
    case types.roleSelect:
    case types.mentionableSelect:
    case types.channelSelect:
      return html`<${MessageSelect} it=${it} message=${message} />`;
    case types.textDisplay:
      return html`<${Markdown} text=${it.content ?? ''} />`;
    case types.section:
      return html`<div class="section"><div>${below()}</div>${
        it.accessory &&
        html`<${One} it=${it.accessory}
        message=${message} />`
      }</div>`;
    case types.thumbnail:
      return html`<div class="thumbnail"><${Media} url=${it.media?.url ?? ''} description=${it.description}
        spoiler=${it.spoiler} message=${message} /></div>`;
    case types.mediaGallery:
      return html`<div class=${`gallery of-${Math.min(it.items?.length ?? 1, 3)}`}>
        ${it.items?.map(
          item => html`<${Media} url=${item.media.url} description=${item.description} spoiler=${item.spoiler}
          message=${message} />`,
        )}
      </div>`;
    case types.file:
      return html`<${Media} url=${it.file?.url ?? ''} spoiler=${it.spoiler} message=${message} />`;
    case types.separator:
      return html`<hr class=${`${it.divider === false ? 'bare' : ''} ${it.spacing === 2 ? 'wide' : ''}`} />`;
    case types.container:
      return html`<${Hidden} when=${it.spoiler === true} what="what is inside"><${Container} it=${it}>${below()}<//><//>`;
    default:
      return html`<p class="unknown">A component of type ${it.type}, which this page does not know.</p>`;
  }
}

function Container({ it, children }: { it: Component; children?: unknown }) {
  const colour = it.accent_color === undefined ? undefined : `#${it.accent_color.toString(16).padStart(6, '0')}`;
  return html`<section class="container" style=${colour ? { borderInlineStartColor: colour } : {}}>${children}</section>`;
}

interface MediaProps {
  url: string;
  description?: string | undefined;
  spoiler: boolean | undefined;
  message: PageMessage;
}

function Media({ url, description, spoiler, message }: MediaProps) {
  const media = mediaOf(url, message);
  if (media.kind === 'attachment') {
    const attachment = { ...media.attachment, description: description ?? media.attachment.description };
    return html`<${Attachment} attachment=${attachment} spoiler=${spoiler ?? attachment.spoiler} />`;
  }
  // Nothing is loaded from another host.
  if (media.kind === 'elsewhere') return html`<a href=${media.url} target="_blank" rel="noreferrer noopener">${media.url}</a>`;
  return html`<p class="unknown">A file that did not come along.</p>`;
}
