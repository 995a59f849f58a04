import {
  type AuditEntry,
  auditEntrySchema,
  type BlockedPicture,
  blockedPictureSchema,
  type HeldSuspension,
  heldSuspensionSchema,
} from '../core/moderation/store.ts';

/** Rows of moderation as both stores have them. */
type Row = Record<string, unknown>;

/** What an entry of the audit log says beside who, where and when. */
export type Noted = Pick<AuditEntry, 'action'> & Partial<Pick<AuditEntry, 'memberId' | 'caseId' | 'untilMs' | 'why'>>;

export function suspensionOf(row: Row): HeldSuspension {
  const { member_id, until_ms, why, by_id, since_ms } = row;
  return heldSuspensionSchema.parse({ memberId: member_id, untilMs: until_ms, why, by: by_id, sinceMs: since_ms });
}

export function pictureOf({ id, hash, note, by_id, at_ms }: Row): BlockedPicture {
  return blockedPictureSchema.parse({ id, hash, note, by: by_id, atMs: at_ms });
}

export function auditOf({ seq, guild_id, at_ms, by_id, action, member_id, case_id, until_ms, why }: Row): AuditEntry {
  return auditEntrySchema.parse({
    ...{ seq, guildId: guild_id, atMs: at_ms, by: by_id, action, why },
    ...{ memberId: member_id, caseId: case_id, untilMs: until_ms },
  });
}
