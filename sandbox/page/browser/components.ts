import type { SandboxAttachment } from '../../discord/index.ts';
import type { PageMessage } from '../protocol.ts';

/**
 * Components and embeds as the views need them. The stand-in has checked them on the way in, by Discord's schemas; what it
 * lets through unread (emoji, thumbnails, timestamps) is taken only as far as it has the right type.
 */
export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  label?: string;
  description?: string;
  style?: number;
  url?: string;
  disabled?: boolean;
  emoji?: { name?: string };
  placeholder?: string;
  min_values?: number;
  max_values?: number;
  min_length?: number;
  max_length?: number;
  required?: boolean;
  options?: Choice[];
  default_values?: { id: string }[];
  channel_types?: number[];
  file_types?: string[];
  value?: string;
  default?: boolean;
  content?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  media?: { url: string };
  items?: { media: { url: string }; description?: string; spoiler?: boolean }[];
  file?: { url: string };
  spoiler?: boolean;
  divider?: boolean;
  spacing?: number;
  accent_color?: number;
}

export interface Choice {
  value: string;
  label: string;
  description?: string;
  emoji?: { name?: string };
  default?: boolean;
}

export interface EmbedView {
  title?: string;
  description?: string;
  url?: string;
  color?: number;
  timestamp?: string;
  author?: { name: string };
  footer?: { text: string };
  image?: { url: string };
  thumbnail?: { url: string };
  fields?: { name: string; value: string; inline?: boolean }[];
}

/** Null means "left out" to Discord, and to the views. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}

export const componentsOf = (components: readonly unknown[]) => components.map(withoutNulls) as Component[];
export const embedOf = (embed: unknown) => withoutNulls(embed) as EmbedView;

/** Where a media link leads. */
export type Media =
  | { kind: 'attachment'; attachment: SandboxAttachment }
  | { kind: 'elsewhere'; url: string }
  | { kind: 'missing' };

export function mediaOf(url: string, message: PageMessage): Media {
  const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
  if (name === undefined) return { kind: 'elsewhere', url };
  const attachment = message.attachments.find(each => each.filename === name);
  return attachment ? { kind: 'attachment', attachment } : { kind: 'missing' };
}

/** Ids of the attachments that an embed or a component shows, so that they don't stand below once more. */
export function attachmentsInPlace(message: PageMessage): Set<string> {
  const text = JSON.stringify([message.embeds, message.components]);
  const names = new Set([...text.matchAll(/"attachment:\/\/([^"]+)"/g)].map(match => match[1]));
  return new Set(message.attachments.filter(each => names.has(each.filename)).map(each => each.id));
}
