import { useState } from 'preact/hooks';
import type { SandboxAttachment } from '../../../discord/index.ts';
import { type Children, html } from '../html.ts';
import { sizeText } from '../text/time.ts';
import { takeFocus } from './focus.ts';
import { Icon } from './icon.ts';

/** A file in a message: pictures are shown, videos and sounds play, the rest can be saved. */
export function Attachment({ attachment, spoiler }: { attachment: SandboxAttachment; spoiler?: boolean }) {
  // Links are signed afresh with each state of a message; a new one would start a player over.
  const [url] = useState(attachment.url);
  const { contentType, description, filename } = attachment;
  const alt = description ?? filename;
  const [kind] = contentType.split('/');
  return html`<${Hidden} when=${spoiler ?? attachment.spoiler} what=${alt}>
    <div class="attachment">${shown()}</div>
  <//>`;

  function shown() {
    switch (kind) {
      case 'image':
        return html`<a href=${url} target="_blank" rel="noreferrer noopener"><img src=${url} alt=${alt} /></a>`;
      case 'video':
        return html`<video src=${url} controls playsinline preload="auto" aria-label=${alt}></video>`;
      case 'audio':
        return html`<audio src=${url} controls preload="metadata" aria-label=${alt}></audio>`;
      default:
        return html`<a class="file" href=${url} download=${filename}><${Icon}
          name="file" /><span>${filename}<small>${sizeText(attachment.sizeBytes)}</small></span></a>`;
    }
  }
}

/** Covers what is a spoiler until it is asked for. */
export function Hidden({ when, what, children }: { when: boolean; what: string; children?: Children }) {
  const [open, setOpen] = useState(false);
  if (!when) return html`${children}`;
  if (open) return html`<div tabindex="-1" ref=${takeFocus}>${children}</div>`;
  return html`<button type="button" class="cover" aria-label=${`Spoiler: show ${what}`}
    onClick=${() => setOpen(true)}><span>Spoiler</span></button>`;
}
