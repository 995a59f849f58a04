import type { PageMessage } from '../../protocol.ts';
import { type EmbedView, embedOf, mediaOf } from '../components.ts';
import { html } from '../html.ts';
import { isTime } from '../text/time.ts';
import { Attachment } from './attachment.ts';
import { Markdown, Time } from './markdown.ts';

/** An embed. Pictures from elsewhere are named, not loaded: the page asks no other host. */
export function Embed({ embed, message }: { embed: unknown; message: PageMessage }) {
  const it = embedOf(embed);
  const colour = it.color == null ? undefined : `#${it.color.toString(16).padStart(6, '0')}`;
  const atMs = Date.parse(it.timestamp ?? '');
  return html`
    <section class="embed" style=${colour ? { borderInlineStartColor: colour } : {}}>
      <div class="embed-text">
        ${it.author?.name && html`<p class="embed-author">${it.author.name}</p>`}
        ${
          it.title &&
          html`<p class="embed-title">${
            it.url
              ? html`<a href=${it.url} target="_blank"
          rel="noreferrer noopener">${it.title}</a>`
              : it.title
          }</p>`
        }
        ${it.description && html`<${Markdown} text=${it.description} />`}
        <${Fields} of=${it} />
      </div>
      <${Picture} url=${it.thumbnail?.url} message=${message} />
      <${Picture} url=${it.image?.url} message=${message} />
      ${
        (it.footer || isTime(atMs)) &&
        html`<footer>${it.footer?.text}${it.footer && isTime(atMs) && ' · '}${
          isTime(atMs) &&
          html`<${Time}
        atMs=${atMs} style="f" />`
        }</footer>`
      }
    </section>
  `;
}

function Fields({ of }: { of: EmbedView }) {
  if (!of.fields?.length) return null;
  return html`<dl>${of.fields.map(
    field =>
      html`<div class=${field.inline ? 'inline' : ''}><dt>${field.name}</dt><dd><${Markdown} text=${field.value} /></dd></div>`,
  )}</dl>`;
}

function Picture({ url, message }: { url: string | undefined; message: PageMessage }) {
  if (url === undefined) return null;
  const media = mediaOf(url, message);
  if (media.kind === 'elsewhere') return html`<a href=${media.url} target="_blank" rel="noreferrer noopener">${media.url}</a>`;
  return media.kind === 'attachment' ? html`<${Attachment} attachment=${media.attachment} />` : null;
}
