/** The stand-in for Discord: what tests and the sandbox's programs use. */
export type { GivenFile, SandboxAttachment } from './attachments.ts';
export { type Clock, createClock } from './clock.ts';
export type { EventName, SandboxEvents } from './events.ts';
export type { Fault, GatewayFault, RestFault } from './faults.ts';
export type { PageHandler } from './http.ts';
export type { Acknowledgement } from './interactions.ts';
export { MemberActionError } from './member-access.ts';
export type { CommandAction, InteractionHandle } from './members.ts';
export type { MessageVersion, SandboxMessage } from './message-types.ts';
export type { ModalValue } from './modal-values.ts';
export type { OptionValue } from './options.ts';
export type { PermissionName } from './permissions.ts';
export type { RecordedRequest } from './record.ts';
export { type Discord, type StartOptions, startDiscord } from './start.ts';
