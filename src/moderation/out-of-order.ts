import { GAP } from './normalise.ts';

/** What judges content by its name alone, and what does so together with one of PARTS. */
const BY_NAME =
  '(?:moderation|guard ?rails?|prompt ?guard|llama ?guard|shield ?gemma|prompt ?shields?|(?:content|nsfw|safety|profanity|toxicity|abuse) ?(?:check\\w*|filter\\w*|classif\\w+|detect\\w+|scan\\w*|scor\\w+|screen\\w*|guard|review\\w*))';
const ABOUT =
  '(?:nsfw|safety|moderat(?:ion|or)|content (?:moderation|safety|policy|risk)|celebrit(?:y|ies)|deep ?fake|likeness|public figure|real person|toxicity|hate(?: speech)?|nudity|porn|csam|child safety|age|minor|violence|gore|weapons?|profanity|copyright|abuse|(?:adult|explicit|sexual|sensitive|violent|harmful|toxic|unsafe)(?: content| comment| speech| image)?)';
const PARTS =
  '(?:lookup|search|match(?:er|ing)?|index|detection|recognition|recogni[sz]er|estimation|estimator|detector|checker|check|checks|filter|filtering|classifier|classification|scanner|scorer|moderation|safety|review|verification|service|api|endpoint|models?|backend|server|module|system|provider|pipeline|weights|checkpoint|queue|workers?|library|plugin|micro ?service|daemon|sidecar|stage|step|agent|gateway|cluster|pool|node|pod|container|inference|vendor|client|request|call|lib|icon|asset|dataset|table|file|bot|exporter|metrics|tokens?|tokenizer|embeddings?)';
const JUDGE = `(?:${BY_NAME}(?: ${PARTS}){0,4}|${ABOUT}(?: ${PARTS}){1,4}|(?:check|scan|screening|test|search)(?:ing)? (?:for|of) (?:${ABOUT}|celebrities|weapons|minors))`;

/** A verdict on content between the two, or after them, and it was judged after all. */
const VERDICT =
  '(?:reject|block|refus(?!\\w+ (?:to )?(?:start|load|connect))|declin|deni|deny|flag|found|detect(?!or)|violat|contain|inappropriate|unsafe|prohibit|disallow|forbid|because|due)\\w*';
const WORD = `(?!and |${VERDICT})\\w+`;

/** What befalls machines only, never content. */
const TROUBLE = `(?:${[
  'time ?d? ?outs?',
  'deadline(?: exceeded)?',
  '(?:did|does|do|was|were|has|have|is|are) ?n[o ]?t (?:been )?(?:\\w+ing )?(?:respond\\w*|answer\\w*|repl\\w+|return\\w*|finish\\w*|complet\\w*|available|ready|start\\w*|load\\w*|reach\\w*|running|healthy|deployed|configured|installed)',
  '(?:could ?n[o ]?t|cannot|can ?not|cant|unable to|fail\\w*(?: to)?) (?:be )?(?:carr\\w+ out|perform\\w*|complet\\w*|run|execut\\w*|reach\\w*|load\\w*|start\\w*|contact\\w*|initiali\\w*|connect\\w*|respond\\w*|finish\\w*|invok\\w*|quer\\w*|return\\w*|schedul\\w*|allocat\\w*|download\\w*|spawn\\w*|answer\\w*|call\\w*|(?:de)?seriali\\w*|pars\\w*|decod\\w*|read|interpret)',
  'not (?:found|deployed|ready|loaded|running|configured|installed|set)|unset|misconfigured',
  '(?:un|not )(?:available|reachable|responsive|healthy)',
  'crash\\w*|sig(?:segv|kill|term|abrt|ill)|segfault\\w*|segmentation fault|core dumped|oom\\w*|out of memory|panick?ed|exited|restart\\w*|reboot\\w*|(?:was|got) killed|null ?pointer\\w*|(?:assertion|attribute|type) ?error',
  '(?:exception|error|panic|fault|failure) (?:in|inside|from|at|raised by|thrown by)',
  '(?:initiali[sz]ation|handshake|startup|deployment|download|loading|login|authentication) (?:failed|failures?|errors?)',
  '(?:job|process|task|worker|pod|render) (?:was |got )?(?:killed|terminated|evicted|preempted|lost)',
  'rate limit\\w*|quota|used up',
  'took (?:too long|longer)|abandoned|(?:gave|given) up',
  '(?:raised|threw|unhandled) (?:an? )?(?:\\w+ )?exception',
  'econn\\w+|etimedout|enotfound|(?:lost|no|dropped|closed) connection|connection (?:refused|reset|closed|lost|errors?|aborted|failed)|closed the connection|broken pipe|socket hang up',
  '(?:circuit|breaker) (?:is )?open',
  '(?:internal|unexpected|unknown|network|server|runtime|io) (?:server )?(?:error|failure|exception)',
  '(?:malformed|invalid|empty|unparseable|unreadable|garbled) (?:json|response|output|answer|reply)',
  '(?:http |status |code )*5\\d\\d|bad gateway',
  'overload\\w*|offline|hung|stalled|backed up|queue (?:is |was )?full|maintenance|outage|cold start|warming up',
  'corrupt\\w*|refus\\w+ to (?:start|load)|refus\\w+ connections?|(?:checksum|hash|version|shape) mismatch',
  'no (?:healthy )?(?:upstreams?|replicas?|instances?|backends?|capacity|endpoints?|response|answer|reply|verdict|decision)',
].join('|')})`;

/** Between a trouble and the judge whose it is: "timed out while waiting for the". */
const TOWARDS =
  '(?:\\d+|after|attempts?|tries|retries|seconds?|s|ms|while|when|during|in|inside|at|by|of|on|to|from|for|with|until|the|our|a|an|its|waiting|awaiting|wait|\\w+ing|verdict|response|answer|reply|result|results|decision|request|call|client|error|errors|upstream|remote|external|internal|image|audio|video|text|input|output|prompt)';

/**
 * The judge of content is itself out of order: it timed out, did not answer, could not be loaded, crashed. That is the provider's
 * trouble, nothing was judged. Texts are normalised; no word is read across the end of a sentence. Only the phrase goes, so that a
 * block told beside it is still seen.
 */
export const BROKEN_JUDGE = new RegExp(
  [
    // "the safety checker timed out", but not "rejected by the safety checker …"
    `(?<!\\b(?:by|trigger\\w*|violat\\w*|fail\\w*) (?:an? |the |our |its )?)\\b${JUDGE} (?:${WORD} ){0,6}${TROUBLE}\\b`,
    // "timed out while waiting for the safety checker", and no verdict follows
    `\\b${TROUBLE} (?:${TOWARDS} ){0,7}${JUDGE}\\b(?! (?:\\w+ ){0,4}${VERDICT})`,
  ].join('|'),
);

const EVERY_BROKEN_JUDGE = new RegExp(BROKEN_JUDGE, 'g');

/** The text without the phrases that say that a judge of content is out of order. */
export function withoutBrokenJudges(text: string): string {
  return text.replace(EVERY_BROKEN_JUDGE, GAP);
}
