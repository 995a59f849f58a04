import type { Discord, SandboxMessage } from '../discord/index.ts';
import { componentTypes } from '../discord/numbers.ts';
import { allComponents } from '../discord/rest/message-schema.ts';

/** The chat as lines for a terminal: who says what, each edit as it comes, buttons in brackets. */
export function startTranscript(discord: Discord, print: (line: string) => void): void {
  const startedAt = discord.clock.now();
  const shown = new Map<string, string>();

  function show(message: SandboxMessage, mark: string): void {
    const nameOf = (id: string) => discord.world.users.get(id)?.displayName ?? id;
    const text = messageText(message).replace(/<@(\d+)>/g, (_, id: string) => `@${nameOf(id)}`);
    if (shown.get(message.id) === text) return;
    shown.set(message.id, text);
    const who = discord.world.user(message.authorId).displayName;
    const privately = message.ephemeralFor === null ? '' : ' (only you can see this)';
    const [first = '', ...rest] = text.split('\n');
    print(`${elapsed(discord.clock.now() - startedAt)}  ${mark} ${who}${privately}: ${first}`);
    for (const line of rest) print(`         ${line}`);
  }

  discord.events.on('interaction-created', ({ kind, name, memberId }) => {
    const what = { command: `/${name}`, component: `presses ${name}`, modal: `sends ${name}`, autocomplete: `types in ${name}` }[
      kind
    ];
    print(`${elapsed(discord.clock.now() - startedAt)}  > ${discord.world.user(memberId).displayName}: ${what}`);
  });
  discord.events.on('interaction-answered', ({ acknowledgement }) => {
    if (acknowledgement.kind === 'none') print('         The application did not respond.');
    if (acknowledgement.kind === 'modal') print(`         A dialogue opens: ${acknowledgement.modal?.title}`);
  });
  discord.events.on('message-created', ({ message }) => show(message, '+'));
  discord.events.on('message-edited', ({ message }) => show(message, '~'));
  discord.events.on('message-deleted', () => print(`${elapsed(discord.clock.now() - startedAt)}  - a message was deleted`));
}

/** Minutes and seconds, `  0:07`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A message's words, files and buttons as plain lines. */
export function messageText(message: SandboxMessage): string {
  const components = allComponents(message.components);
  const texts = components.flatMap(each => (each.type === componentTypes.textDisplay ? text(each.content) : []));
  const embeds = message.embeds.flatMap(each => [each.title, each.description].filter(part => part != null));
  const files = message.attachments.map(
    each => `[file ${each.filename}, ${sizeText(each.sizeBytes)}${each.spoiler ? ', spoiler' : ''}] ${each.url}`,
  );
  const buttons = components
    .filter(each => each.type === componentTypes.button)
    .map(each => `[${text(each.label).join('') || 'button'}]`);
  const lines = [message.content, ...texts, ...embeds, ...files, buttons.join(' ')].filter(line => line !== '');
  return message.loading
    ? 'is thinking…'
    : lines.join('\n').replace(/<t:(\d+):[a-zA-Z]>/g, (_, at: string) => timeText(Number(at)));
}

const text = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? [value] : []);

function sizeText(sizeBytes: number): string {
  return sizeBytes < 1024 * 1024 ? `${Math.ceil(sizeBytes / 1024)} KiB` : `${(sizeBytes / 1024 / 1024).toFixed(1)} MiB`;
}

function timeText(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toLocaleTimeString('en-GB');
}
