import { z } from 'zod';
import {
  type Discord,
  type GivenFile,
  type InteractionHandle,
  MemberActionError,
  type ModalValue,
  type OptionValue,
} from '../discord/index.ts';
import { limits } from '../discord/numbers.ts';
import type { PageAnswer } from './protocol.ts';

/** A file that came along with the request, by its number. */
const fileNumber = z.int().min(0);
const id = z.string().regex(/^\d{1,20}$/);
const customId = z.string().min(1).max(100);
const optionValue = z.union([z.string(), z.number(), z.boolean(), z.strictObject({ file: fileNumber })]);
const fieldValue = z.union([z.string(), z.array(z.string()), z.boolean(), z.strictObject({ files: z.array(fileNumber) })]);
const by = { memberId: id };

/** What a member can do on the page. */
export const actionSchema = z.discriminatedUnion('act', [
  z.strictObject({
    ...{ act: z.literal('command'), ...by, channelId: id, name: z.string() },
    /** Subcommand group and subcommand, as far as the command has them. */
    path: z.array(z.string()).max(2),
    options: z.record(z.string(), optionValue),
  }),
  z.strictObject({ act: z.literal('message-menu'), ...by, channelId: id, name: z.string(), messageId: id }),
  z.strictObject({ act: z.literal('user-menu'), ...by, channelId: id, name: z.string(), userId: id }),
  z.strictObject({ act: z.literal('press'), ...by, messageId: id, customId }),
  z.strictObject({ act: z.literal('choose'), ...by, messageId: id, customId, values: z.array(z.string()) }),
  z.strictObject({ act: z.literal('modal'), ...by, interactionId: id, values: z.record(z.string(), fieldValue) }),
  z.strictObject({ act: z.literal('say'), ...by, channelId: id, content: z.string().max(limits.contentLength) }),
  z.strictObject({ act: z.literal('remove'), ...by, messageId: id }),
  z.strictObject({ act: z.literal('language'), ...by, locale: z.string().regex(/^[a-z]{2}(-[A-Z0-9]{2,3})?$/) }),
]);
export type Action = z.output<typeof actionSchema>;

/** Does what a member wants, as their client would; answers once the bot has answered, or hasn't in time. */
export async function act(discord: Discord, action: Action, files: readonly GivenFile[]): Promise<PageAnswer> {
  try {
    const handle = await carryOut(discord, action, files);
    if (handle === undefined) return { ok: true };
    return { ok: true, interactionId: handle.id, acknowledgement: await handle.acknowledged };
  } catch (error) {
    if (error instanceof MemberActionError) return { ok: false, problem: error.message };
    throw error;
  }
}

async function carryOut(
  { members, world }: Discord,
  action: Action,
  files: readonly GivenFile[],
): Promise<InteractionHandle | undefined> {
  const fileOf = (number: number): GivenFile => {
    const file = files[number];
    if (file === undefined) throw new MemberActionError(`file ${number} did not come along`);
    return file;
  };
  switch (action.act) {
    case 'command': {
      const { memberId, channelId, name, path } = action;
      const options = mapValues(
        action.options,
        (value): OptionValue => (typeof value === 'object' ? { file: fileOf(value.file) } : value),
      );
      return members.command({ memberId, channelId, name, options, ...subcommandOf(path) });
    }
    case 'message-menu':
    case 'user-menu':
      return members.menu(action);
    case 'press':
      return members.press(action);
    case 'choose':
      return members.choose(action);
    case 'modal': {
      const values = mapValues(
        action.values,
        (value): ModalValue => (typeof value === 'object' && 'files' in value ? { files: value.files.map(fileOf) } : value),
      );
      return members.submitModal({ interaction: { id: action.interactionId }, values });
    }
    case 'say':
      members.say({ ...action, files: [...files] });
      return undefined;
    case 'remove':
      members.remove(action);
      return undefined;
    case 'language':
      world.setLocale(action.memberId, action.locale);
      return undefined;
  }
}

function subcommandOf(path: readonly string[]): { subcommandGroup?: string; subcommand?: string } {
  const [first, second] = path;
  if (first === undefined) return {};
  return second === undefined ? { subcommand: first } : { subcommandGroup: first, subcommand: second };
}

function mapValues<From, To>(from: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
