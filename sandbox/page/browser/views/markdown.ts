import { useMemo, useState } from 'preact/hooks';
import { type Children, html } from '../html.ts';
import { nameOf, useNow, usePage } from '../page.ts';
import { channelOf } from '../state.ts';
import { type Block, type Inline, parseMarkdown } from '../text/markdown.ts';
import { timeText } from '../text/time.ts';
import { takeFocus } from './focus.ts';

/** A text of the bot's or a member's, as Discord's clients show it. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return html`<div class="markdown">${blocks.map(block => html`<${BlockView} block=${block} />`)}</div>`;
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return html`<p><${Inlines} of=${block.children} /></p>`;
    case 'subtext':
      return html`<p class="subtext"><${Inlines} of=${block.children} /></p>`;
    case 'heading':
      // Sections of the page have the levels 1 and 2.
      return html`<p class=${`heading-${block.level}`} role="heading" aria-level=${block.level + 2}><${Inlines}
        of=${block.children} /></p>`;
    case 'quote':
      return html`<blockquote>${block.blocks.map(each => html`<${BlockView} block=${each} />`)}</blockquote>`;
    case 'list': {
      const items = block.items.map(item => html`<li><${Inlines} of=${item} /></li>`);
      return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'code':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
  }
}

function Inlines({ of }: { of: Inline[] }) {
  return of.map(each => html`<${InlineView} it=${each} />`);
}

function InlineView({ it }: { it: Inline }) {
  switch (it.kind) {
    case 'text':
      return it.text;
    case 'bold':
      return html`<strong><${Inlines} of=${it.children} /></strong>`;
    case 'italic':
      return html`<em><${Inlines} of=${it.children} /></em>`;
    case 'underline':
      return html`<u><${Inlines} of=${it.children} /></u>`;
    case 'strike':
      return html`<s><${Inlines} of=${it.children} /></s>`;
    case 'spoiler':
      return html`<${Spoiler}><${Inlines} of=${it.children} /><//>`;
    case 'code':
      return html`<code>${it.text}</code>`;
    case 'link':
      return html`<${Link} url=${it.url}><${Inlines} of=${it.children} /><//>`;
    case 'mention':
      return html`<${Mention} of=${it.of} id=${it.id} />`;
    case 'time':
      return html`<${Time} atMs=${it.atMs} style=${it.style} />`;
  }
}

function Spoiler({ children }: { children?: Children }) {
  const [open, setOpen] = useState(false);
  if (open) return html`<span class="spoiler open" tabindex="-1" ref=${takeFocus}>${children}</span>`;
  return html`<button type="button" class="spoiler" aria-label="Show the spoiler" onClick=${() => setOpen(true)}><span
    aria-hidden="true">${children}</span></button>`;
}

/** A link to a message leads there; every other one opens beside the page. */
function Link({ url, children }: { url: string; children?: Children }) {
  const { sight, change } = usePage();
  const [, channelId, messageId] = /^https:\/\/(?:\w+\.)?discord\.com\/channels\/[@\w]+\/(\d+)\/(\d+)$/.exec(url) ?? [];
  const channel = channelId === undefined ? undefined : channelOf(sight, channelId);
  if (channel === undefined || messageId === undefined)
    return html`<a href=${url} target="_blank" rel="noreferrer noopener">${children}</a>`;
  const jump = () => {
    change({ kind: 'channel', channelId: channel.id });
    requestAnimationFrame(() => document.getElementById(`message-${messageId}`)?.focus());
  };
  return html`<button type="button" class="mention" onClick=${jump}>#${channel.name || 'direct messages'} › message</button>`;
}

function Mention({ of, id }: { of: (Inline & { kind: 'mention' })['of']; id: string }) {
  const { sight } = usePage();
  const me = of === 'user' && id === sight.memberId;
  return html`<span class=${me ? 'mention me' : 'mention'}>${mentionText()}</span>`;

  function mentionText(): string {
    switch (of) {
      case 'user':
        return `@${nameOf(sight, id)}`;
      case 'role':
        return `@${sight.guilds.flatMap(guild => guild.roles).find(role => role.id === id)?.name ?? 'a role'}`;
      case 'channel':
        return `#${channelOf(sight, id)?.name ?? 'a channel'}`;
      case 'command':
        return `/${id}`;
      case 'everyone':
        return `@${id}`;
    }
  }
}

export function Time({ atMs, style }: { atMs: number; style: string }) {
  const { sight } = usePage();
  const now = useNow(style === 'R' ? 1_000 : 60_000);
  const locale = sight.users.find(each => each.id === sight.memberId)?.locale ?? 'en-US';
  const full = timeText(atMs, 'F', now, locale);
  return html`<time datetime=${new Date(atMs).toISOString()} title=${full}>${timeText(atMs, style, now, locale)}</time>`;
}
