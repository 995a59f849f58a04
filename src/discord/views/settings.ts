import { ComponentType } from 'discord.js';
import type { CostReport } from '../../core/costs.ts';
import type { Policy } from '../../core/policy.ts';
import { cleanDetail } from '../clean-detail.ts';
import { toCustomId } from '../custom-id.ts';
import type { FieldProblem } from '../settings/read-form.ts';
import { fieldsOf, SECTION_NAMES, type SettingName, settingsOf } from '../settings/sections.ts';
import { valueText } from '../settings/values.ts';
import type { Texts } from '../texts/texts.ts';
import { button, fitting, mention, type Row, relativeTime, rowOf, type View, viewOf } from './view.ts';

type In = { locale: string; texts: Texts };

/** All settings of a guild, with a menu of what can be changed. */
export function settingsView(
  { guildId, policy, damaged, report }: { guildId: string; policy: Policy; damaged: boolean; report: CostReport },
  { locale, texts }: In,
): View {
  const blocks = SECTION_NAMES.map(section => {
    const lines = fieldsOf(section)
      .flatMap(settingsOf)
      .map(name =>
        texts.say(locale, 'settings.line', {
          label: labelOf(name, { locale, texts }),
          value: valueText(name, policy, locale, texts),
        }),
      );
    return [`**${texts.say(locale, `form.settings.${section}.title`)}**`, ...lines].join('\n');
  });
  const options = SECTION_NAMES.map(section => ({ value: section, label: texts.say(locale, `form.settings.${section}.title`) }));
  return viewOf(
    [damaged ? texts.say(locale, 'settings.damaged') : undefined, ...blocks, monthLine(report, { locale, texts })],
    [
      ...rowOf({
        ...{ type: ComponentType.StringSelect, custom_id: toCustomId('settings', guildId), options },
        placeholder: texts.say(locale, 'settings.change.placeholder'),
      }),
    ],
  );
}

/** Before and after, a line for each setting that a change has changed. */
export function changedLines(before: Policy, after: Policy, { locale, texts }: In): string[] {
  return changedSettings(before, after).map(name =>
    texts.say(locale, 'settings.changedLine', {
      label: labelOf(name, { locale, texts }),
      before: valueText(name, before, locale, texts),
      after: valueText(name, after, locale, texts),
    }),
  );
}

/** What has changed, or would: as many of the lines as a message holds, and how many more there are. */
export function changedView(
  title: 'settings.changed' | 'settings.file.preview',
  lines: readonly string[],
  { locale, texts }: In,
  notes: readonly string[] = [],
  components: Row[] = [],
): View {
  const more = (count: number) => (count === 0 ? undefined : texts.say(locale, 'settings.more', { count }));
  const others = [texts.say(locale, title), ...notes];
  const shown = fitting(lines, [...others, more(lines.length)]);
  return viewOf([others[0], ...shown, more(lines.length - shown.length), ...notes], components);
}

/** The names of the settings whose values differ. */
export function changedSettings(before: Policy, after: Policy): SettingName[] {
  const flat = ({ weights, ...others }: Policy): Record<SettingName, unknown> => ({ ...others, ...weights });
  const [one, other] = [flat(before), flat(after)];
  const all = SECTION_NAMES.flatMap(section => fieldsOf(section).flatMap(settingsOf));
  return all.filter(name => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/** What was wrong in a form, and what would be right. */
export function problemsText(problems: readonly FieldProblem[], { locale, texts }: In): string {
  const lines = problems.map(problem => {
    const label = texts.say(locale, `settings.${problem.name}.label`);
    if (problem.kind === 'choice') return texts.say(locale, 'settings.wrongChoice', { label });
    const { min, max, whole } = problem.range;
    const right = texts.say(locale, whole ? 'settings.whole' : 'settings.number', { min, max });
    return texts.say(locale, 'settings.wrongNumber', { label, given: cleanDetail(problem.given) ?? '…', right });
  });
  return [texts.say(locale, 'settings.wrong'), ...lines].join('\n');
}

/** A guild's month in money, with the members who had most of it. */
export function costsView(
  report: CostReport,
  members: readonly { memberId: string; bookedUsd: number; renders: number }[],
  { locale, texts }: In,
): View {
  const { averageUsd, forecastUsd, rendersLeft, renewsAtMs } = report;
  const say = (...[key, facts]: [Parameters<Texts['say']>[1], Parameters<Texts['say']>[2]]) => texts.say(locale, key, facts);
  return viewOf([
    monthLine(report, { locale, texts }),
    averageUsd === null ? undefined : say('costs.average', { average: usd(averageUsd), forecast: usd(forecastUsd) }),
    Number.isFinite(rendersLeft) ? say('costs.left', { count: rendersLeft, free: relativeTime(renewsAtMs) }) : undefined,
    ...members.map(({ memberId, bookedUsd, renders }) =>
      say('costs.member', { member: mention(memberId), usd: usd(bookedUsd), count: renders }),
    ),
  ]);
}

/** The question before everything goes back to the defaults. */
export function resetView(guildId: string, { locale, texts }: In): View {
  const sure = button(toCustomId('settings-reset', guildId), texts.say(locale, 'button.reset'), 'danger');
  return viewOf([texts.say(locale, 'settings.resetConfirm')], rowOf(sure));
}

function monthLine({ monthUsd, budgetUsd, renders }: CostReport, { locale, texts }: In): string {
  return texts.say(locale, 'costs.month', { usd: usd(monthUsd), budget: usd(budgetUsd), count: renders });
}

function labelOf(name: SettingName, { locale, texts }: In): string {
  return texts.say(locale, `settings.${name}.label`);
}

const usd = (amount: number) => amount.toFixed(2);
