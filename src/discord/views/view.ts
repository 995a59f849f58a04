import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { LONGEST_BUTTON_LABEL, LONGEST_CONTENT } from '../platform.ts';

/** Up to five buttons, or one select menu. */
export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** How a state looks: text, buttons, menus. Files are added where it is sent. */
export type View = { content: string; components: Row[] };

/** Who can read it: everybody, the requester alone, or moderators. */
export type Audience = 'public' | 'private' | 'moderators';

type Look = 'calm' | 'main' | 'danger';

const STYLES = { calm: ButtonStyle.Secondary, main: ButtonStyle.Primary, danger: ButtonStyle.Danger } as const;

export function button(customId: string, label: string, look: Look = 'calm'): APIButtonComponent {
  return {
    type: ComponentType.Button,
    style: STYLES[look],
    label: label.slice(0, LONGEST_BUTTON_LABEL),
    custom_id: customId,
  };
}

/** One row, or none where there is nothing in it: Discord refuses an empty row. */
export function rowOf(...components: APIComponentInMessageActionRow[]): Row[] {
  return components.length === 0 ? [] : [{ type: ComponentType.ActionRow, components }];
}

/** Paragraphs that are there, one a line. */
export function viewOf(paragraphs: readonly (string | undefined)[], components: Row[] = []): View {
  const content = paragraphs.filter(text => text !== undefined && text !== '').join('\n');
  return { content: content.slice(0, LONGEST_CONTENT), components };
}

/** The first of these lines, as many as fit beside what else the message says: a line is whole, or left out. */
export function fitting(lines: readonly string[], others: readonly (string | undefined)[]): string[] {
  let left = LONGEST_CONTENT - others.reduce((sum, text) => sum + (text === undefined ? 0 : text.length + 1), 0);
  const shown: string[] = [];
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  return shown;
}

/** The view as Discord's JSON. Nothing that is shown ever mentions anybody in the sense of a ping. */
export function bodyOf({ content, components }: View) {
  return { content, components, embeds: [], allowed_mentions: { parse: [] } };
}

/** Moves by itself in the client: "in 2 minutes". */
export function relativeTime(atMs: number): string {
  return `<t:${Math.floor(atMs / 1000)}:R>`;
}

export function dateTime(atMs: number): string {
  return `<t:${Math.floor(atMs / 1000)}:f>`;
}

export function mention(memberId: string): string {
  return `<@${memberId}>`;
}

export function messageLink(guildId: string | null, channelId: string, messageId: string): string {
  return `https://discord.com/channels/${guildId ?? '@me'}/${channelId}/${messageId}`;
}
