import { html } from '../html.ts';
import { guildOf, nameOf, usePage } from '../page.ts';
import { Avatar } from './avatar.ts';

/** Languages to try; the page adds those that the bot's commands are translated into. */
const languages = ['en-US', 'de', 'fr', 'es-ES', 'pt-BR', 'ja'];

/** Who one is, and which language one's Discord speaks. */
export function Members({ become }: { become: (memberId: string) => void }) {
  const { sight, state } = usePage();
  const guild = guildOf(sight, state.channelId ?? '') ?? sight.guilds[0];
  const members = guild?.members.filter(each => sight.users.some(user => user.id === each.userId && !user.bot)) ?? [];
  return html`
    <section class="members" aria-label="Who you are">
      <fieldset>
        <legend>You are</legend>
        ${members.map(
          ({ userId, roleNames }) => html`
            <label class="member" key=${userId}>
              <input type="radio" name="member" value=${userId} checked=${userId === sight.memberId}
                onChange=${() => become(userId)} />
              <${Avatar} userId=${userId} />
              <span>${nameOf(sight, userId)}<small>${roleNames[0] ?? 'member'}</small></span>
            </label>
          `,
        )}
      </fieldset>
      <${Language} />
    </section>
  `;
}

function Language() {
  const { sight, act } = usePage();
  const locale = sight.users.find(each => each.id === sight.memberId)?.locale ?? 'en-US';
  const translated = sight.commands.flatMap(({ body }) => Object.keys(body.name_localizations ?? {}));
  const described = sight.commands.flatMap(({ body }) =>
    'description_localizations' in body ? Object.keys(body.description_localizations ?? {}) : [],
  );
  const all = [...new Set([...languages, ...translated, ...described, locale])];
  const choose = ({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
    void act({ act: 'language', locale: currentTarget.value });
  const name = (code: string) => new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return html`
    <label class="language">Language
      <select value=${locale} onChange=${choose}>
        ${all.map(code => html`<option key=${code} value=${code} selected=${code === locale}>${name(code)}</option>`)}
      </select>
    </label>
  `;
}
