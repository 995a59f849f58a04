import type { Files, Ledger, Media, Provider, StoredSettings } from './core/ports.ts';
import type { Answers } from './discord/answers.ts';
import type { Calls } from './discord/rest.ts';
import type { Storage } from './storage/storage.ts';

/**
 * Told of each instant right before and right after a write or a call to the outside, by its name, such as
 * `before ledger.advance waiting>announcing`. The product has none. A harness ends the process at such an instant, or throws,
 * as a full disk does.
 */
export type Faults = { at(point: string): void | Promise<void> };

/** Puts fault points around what writes or calls. */
export type FaultPoints = {
  storage(storage: Storage): Storage;
  provider(provider: Provider): Provider;
  media(media: Media): Media;
  calls(calls: Calls): Calls;
  answers(answers: Answers): Answers;
};

const NO_FAULT_POINTS: FaultPoints = {
  storage: storage => storage,
  provider: provider => provider,
  media: media => media,
  calls: calls => calls,
  answers: answers => answers,
};

/** Without faults everything stays as it is: the product pays nothing for this. */
export function faultPoints(faults: Faults | undefined): FaultPoints {
  if (faults === undefined) return NO_FAULT_POINTS;

  function around<Args extends unknown[], Answer>(what: string, work: (...args: Args) => Promise<Answer>) {
    return async (...args: Args): Promise<Answer> => {
      await faults?.at(`before ${what}`);
      const answer = await work(...args);
      await faults?.at(`after ${what}`);
      return answer;
    };
  }
  const ledger = (it: Ledger): Ledger => ({
    ...it,
    admit: around('ledger.admit', it.admit),
    advance: (id, from, to, change) => around(`ledger.advance ${from}>${to}`, it.advance)(id, from, to, change),
    update: (id, phase, change) => around(`ledger.update ${phase}`, it.update)(id, phase, change),
    requestCancel: around('ledger.requestCancel', it.requestCancel),
    claimNext: around('ledger.claimNext', it.claimNext),
    takeOver: around('ledger.takeOver', it.takeOver),
    forgetGuild: around('ledger.forgetGuild', it.forgetGuild),
  });
  const kindOf = ([first]: Parameters<Files['put']>[0]) => first?.key.slice(0, first.key.indexOf('/'));
  const files = (it: Files): Files => ({
    ...it,
    put: (made, expiresAtMs) => around(`files.put ${kindOf(made)}`, it.put)(made, expiresAtMs),
    extend: around('files.extend', it.extend),
    remove: around('files.remove', it.remove),
  });
  const settings = (it: StoredSettings): StoredSettings => ({
    ...it,
    set: around('settings.set', it.set),
    change: (key, to) => around('settings.change', () => it.change(key, to))(),
  });

  return {
    storage: it => ({ ...it, ledger: ledger(it.ledger), files: files(it.files), settings: settings(it.settings) }),
    provider: it => ({
      upload: around('provider.upload', it.upload),
      submit: around('provider.submit', it.submit),
      status: around('provider.status', it.status),
      result: around('provider.result', it.result),
      credits: around('provider.credits', it.credits),
    }),
    media: it => ({
      prepare: around('media.prepare', it.prepare),
      keepVideo: around('media.keepVideo', it.keepVideo),
    }),
    calls: it => ({
      ...it,
      asBot: call => around(`discord.asBot ${call.method}`, it.asBot)(call),
      byToken: call => around(`discord.byToken ${call.method}`, it.byToken)(call),
    }),
    answers: it => ({
      ...it,
      defer: around('discord.defer', it.defer),
      replyPrivately: around('discord.reply', it.replyPrivately),
      update: around('discord.update', it.update),
    }),
  };
}
