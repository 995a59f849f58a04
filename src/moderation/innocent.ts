import { GAP } from './normalise.ts';

/**
 * Phrases that use a safety filter's words and mean something else. They are taken out of a normalised text before it is
 * judged, so that a text that holds one of them *and* a real block is still a block.
 */
const INNOCENT: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /\bcase (?:in)?sensitiv\w+/g, why: 'letters' },
  { pattern: /\b(?:in)?sensitiv\w+ to\b/g, why: 'noise, order, whitespace' },
  {
    pattern:
      /\b(?:thread|type|memory|null|exception|concurrency|async|fork|signal|process|crash|fail|data race) ?safety(?: \w+)?/g,
    why: 'programming',
  },
  {
    pattern:
      /\bunsafe (?:eval|inline|fallback|legacy|pointer|cast|code|block|yaml|load\w*|deseriali\w+|header|port|url|http|attempt)\b/g,
    why: 'programming',
  },
  { pattern: /\binappropriate (?:ioctl|file type|function|use of|usage|size|format|type|value)\b/g, why: 'system errors' },
  {
    pattern: /\bcontent (?:types?|length|encoding|disposition|range|md5|hash|id|delivery|security polic(?:y|ies) directives?)\b/g,
    why: 'HTTP headers',
  },
  {
    pattern:
      /\bfollowing content security policy\b|\bcontent security policy (?:of|directive|header|blocks?|disallows?)\b|\bcsp\b/g,
    why: 'browsers',
  },
  {
    pattern: /\bmixed content\b|\bsame origin policy\b|\bcors(?: \w+)?(?: policy)?\b|\breferrer policy\b|\bpermissions policy\b/g,
    why: 'browsers',
  },
  {
    pattern:
      /\b(?:retry|restart|proxy|server|waf|gateway|cluster|admin|device|browser|eviction|scaling|autoscaling|scheduling|lifecycle|retention|network|bucket|iam|access|password|org|organi[sz]ation|firewall|routing|pull|backoff|cache|caching|update|group|execution|key|backup|quota|rate limit\w*|admission|pod ?security|resource|cancellation|timeout|concurrency|lint\w*|schema|validation|business|naming|format\w*) (?:polic(?:y|ies)|rules?)(?: (?:violations?|violated))?\b/g,
    why: 'policies of machines',
  },
  {
    pattern:
      /\bpolicy (?:retry|network|\w+ policy exhausted)\b|\b1008 policy violation\b|\b(?:web ?socket|close code)\b(?: \w+){0,6} policy violation\b/g,
    why: 'policies of machines',
  },
  {
    pattern:
      /\bviolat\w+ (?:(?:the|a|an|of|for|check|not) ){0,3}(?:\w+ )?(?:foreign key|unique|primary key|not null|check|integrity|key|exclusion|type|schema|shape|size|range) ?(?:constraints?|key)?\b/g,
    why: 'databases and schemas',
  },
  {
    pattern:
      /\b(?:constraint|integrity|foreign key|unique(?: key| constraint)?|segmentation|access|sharing|protocol|assertion|invariant|alignment|bus|schema|contract|sla|slo|rate limit|quota|timing|layering|isolation) violations?\b/g,
    why: 'programming',
  },
  {
    pattern:
      /\bminor (?:versions?|errors?|issues?|bugs?|changes?|edits?|modifications?|adjustments?|tweaks?|numbers?|releases?|updates?|upgrades?|revisions?|warnings?|page faults?|faults?|gc|collections?|device|problems?|differences?|mismatch\w*|axis|deviations?|delays?|outages?|incidents?|degradations?|interruptions?|glitch\w*|api|patch|key|compute)\b/g,
    why: 'small, or the second part of a version',
  },
  { pattern: /\bmajor (?:and )?minor\b|\bof minor importance\b/g, why: 'versions' },
  {
    pattern:
      /\bchild(?:ren)? (?:process\w*|nodes?|elements?|tasks?|threads?|workers?|pids?|modules?|components?|class\w*|windows?|jobs?|spans?|keys?|rows?|records?|objects?|widgets?|exited|died|terminated|killed|stopped|failed|returned|crashed|closed|index|count|list|of type|prop\w*|pipelines?|workflows?|resources?|directory|dirs?|entr(?:y|ies)|graphs?|containers?|actors?|refs?|ref count|references?|handles?|frames?|contexts?|sessions?)\b|\b(?:spawn\w*|fork\w*|waiting for|wait for|kill\w*|start\w*|reap\w*) (?:\w+ )?child(?:ren)?\b|\bparent child\b|\bchild parent\b|\bno child(?:ren)? process\w*|\b(?:its|orphan\w*) child(?:ren)?\b/g,
    why: 'processes and trees',
  },
  {
    pattern:
      /\bexplicit(?:ly)? (?:d ?types?|types?|cast|conversion|arguments?|values?|version|return|device|shape|path|name|none|null|is|set\w*|config\w*)\b/g,
    why: 'programming',
  },
  {
    pattern:
      /\b(?:adult|child(?:ren)?s?|kids?|male|female|teen|young) (?:\w+ )?(?:speech|voice|tts|acoustic|speaker|language|face) (?:models?|checkpoints?|weights|preset|id|pack)\b/g,
    why: 'names of models',
  },
  { pattern: /\ballow adults?\b|\bperson generation\b|\ballow all\b/g, why: 'values of a parameter' },
  { pattern: /\bcopyright (?:c|\d{4}|by the)\b|\ball rights reserved\b/g, why: 'program banners, as ffmpeg prints them' },
  { pattern: /\b(?:interrupt|irq|coalesc\w+) moderation\b|\bmoderate\b/g, why: 'network cards, amounts' },
  {
    pattern:
      /\bguard ?rails? (?:component|config\w*|file|css|class|style\w*|prop|package|module|import|version|library|ai python|hub)\b/g,
    why: 'user interfaces, packages',
  },
  {
    pattern:
      /\bthird party (?:services?|apis?|librar\w+|modules?|packages?|dependenc\w+|cookies?|scripts?|providers?|vendors?|integrations?|hosts?|servers?|plugins?)\b/g,
    why: 'services of others',
  },
  {
    pattern:
      /\bimpersonat\w+ (?:a |the |of |for )?(?:service|token|role|account|session|client|principal|iam)\b|\b(?:service account|token|role) impersonation\b/g,
    why: 'access rights',
  },
  {
    pattern:
      /\b(?:ai|gpu|cpu) (?:security )?group\b|\bsecurity (?:group|token|context|certificate|protocol|exception|handshake)\b/g,
    why: 'clouds',
  },
  {
    pattern:
      /\b(?:accounts?|api keys?|organi[sz]ation|project|billing|subscription) (?:\w+ ){0,4}(?:suspended|disabled|terminated|deactivated|banned|blocked|locked|restricted)(?: (?:\w+ ){1,8}(?:terms|polic(?:y|ies)|guidelines|rules)(?: of (?:use|service))?)?/g,
    why: 'the account was shut, no content was judged',
  },
  {
    pattern:
      /\bsensitive (?:data|information|values?|content|fields?|parameters?)(?: \w+){0,4} (?:redacted|masked|omitted|hidden|stripped|removed from)\b|\b(?:redacted|masked|omitted|hidden|hiding|redacting) (?:\w+ ){0,3}sensitive (?:data|information|values?|content|fields?)\b/g,
    why: 'logs',
  },
  {
    pattern:
      /\b(?:celebrity|public figure|real ?person|nsfw|moderation|safety|likeness|deep ?fake|content filter|content safety|content policy|toxicity|hate speech) ?(?:\w+ )?(?:cache|svc|dataset|shard|db|database|tables?|columns?|bucket|index|lora|pod|host|queue|topic|internal|cluster|net|embeddings?|config|env|header|margin|lock|stock|copy|factor|limit|timeout|interlock|valve)\b/g,
    why: 'names of parts and hosts',
  },
  { pattern: /\bcopyright (?:notices?|headers?|years?|comments?|files?|lines?|string|tag|metadata)\b/g, why: 'licences' },
  {
    pattern:
      /\b(?:safety ?checker|moderation|content ?filter|nsfw ?(?:filter|check)|guard ?rails?) (?:none|null|off|disabled|false)\b|\b(?:disabled|passing|skipped|without) (?:the |a )?(?:safety|nsfw|content) ?(?:checker|check|filter)(?: for \w+)?/g,
    why: 'switched off',
  },
  { pattern: /\b(?:tls|ssl|ssh|cipher|protocol) (?:\w+ ){0,4}(?:is|are) (?:prohibited|forbidden)\b/g, why: 'networks' },
  {
    pattern: /\b\w{1,40} command not found\b|\bhate to\b|\b(?:terminal|console|standard) output\b|\bweapons? (?:of choice|x)\b/g,
    why: 'talk',
  },
  {
    pattern:
      /\b(?:key|attribute|name|import|lookup) ?error (?!(?:the|your|this|a|an|input|output|request) )\w+(?: \w+)?(?= (?:·|$))|\bno (?:module named|attribute) \w+(?: \w+)?|\b(?:undefined|unknown|undeclared) (?:variable|property|function|symbol|identifier|key) \w+(?: \w+)?|\b\w+ is not defined\b/g,
    why: 'names of things in code',
  },
  {
    pattern:
      /\b(?:connections?|certificates?|packets?|sockets?|handshake|logins?|merge|push|pull request|commit|deployment|upgrade|peer|queries|query|transactions?|writes?) (?:\w+ )?(?:was |were |is |has been )?(?:refused|rejected|denied|blocked|dropped|filtered)(?: by(?: \w+){1,3}| \w+)?/g,
    why: 'machines turn machines away',
  },
  {
    pattern: /\btoxi(?:c proxy|proxy)\b|\btoxics?\b(?= (?:removed|added|latency|down|upstream))|\bhate ?oas\b/g,
    why: 'names of tools',
  },
  {
    pattern:
      /\bblood(?:y|hound)? (?:pressure|type)\b|\bkilled? (?:by signal|process|worker|job|task|9|15)\b|\b(?:process|worker|job|task|pod|container|was|got) killed\b/g,
    why: 'processes',
  },
  { pattern: /\bgraphic(?:s)? (?:cards?|drivers?|memory|processor|device|api|adapter|library|pipeline)\b/g, why: 'hardware' },

  // A filter's own verdict that nothing was found, as Azure, OpenAI and Google list it beside the others.
  {
    pattern:
      /\b(?:harm category )?(?:hate|sexual|sexually|violence|self ?harm|profanity|jailbreak|harassment|dangerous|nsfw|toxic|toxicity|illicit|nudity|minors|explicit|flagged|blocked|filtered|detected|moderated|sensitive|civic|hate speech)(?: ?(?:minors|content|explicit|speech|harassment|threatening|graphic|violent|intent|instructions|integrity|concepts|detected|probability|score|severity|filtered|blocked|flagged|filter|checker|check|checks|result|status))* (?:false|none|null|safe|negligible|low|very unlikely|unlikely|passed|ok|pass|0(?: 0\d*)?(?! \d))(?: severity safe| blocked false| probability (?:negligible|low))?\b/g,
    why: 'checked, and nothing found',
  },
  {
    pattern:
      /\b(?:no|without|zero|0|not?) (?:\w+ )?(?:nsfw|unsafe|inappropriate|harmful|sensitive|prohibited|sexual|explicit|violent|safety|moderation|policy|adult|content policy)(?: \w+)? (?:content|violations?|issues?|concepts?|flags?|material|problems?|results?|detected|found)\b/g,
    why: 'checked, and nothing found',
  },
  {
    pattern: /\brai media filtered count 0\b|\b0 (?:videos?|images?) (?:were |was )?filtered\b/g,
    why: 'checked, and nothing found',
  },
  {
    pattern:
      /\b(?:passed|cleared|completed|after|before|during|skipp\w+|skip|bypass\w+|disabl\w+|enabl\w+) (?:the |our |a )?(?:nsfw|safety|content|moderation|image|audio|data) ?(?:and )?(?:safety |moderation |inspection )?(?:check\w*|filters?|review|process|moderation|inspection)(?: process)?\b/g,
    why: 'a stage, not a verdict',
  },
];

/** The normalised text without the phrases that only look like a block. */
export function withoutInnocent(text: string): string {
  let left = text;
  for (const { pattern } of INNOCENT) left = left.replace(pattern, GAP);
  return left;
}
