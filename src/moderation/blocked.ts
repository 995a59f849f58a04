import type { Reason } from '../core/reasons.ts';
import { CATEGORIES, STRONG } from './categories.ts';
import { blockedElsewhere } from './languages.ts';
import { GAP } from './normalise.ts';
import { plainRefusal } from './refusals.ts';

/**
 * Says by itself that a safety filter refused; which category it was, CATEGORIES finds out. Texts are normalised: lower
 * case, single spaces, no punctuation. ` ?` lets machine codes match, glued (ContentPolicyViolation) or not.
 */
const SIGNALS: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /moderation|\bmoderat(?:ed|ors?)\b/, why: 'OpenAI, D-ID, BFL ("Request Moderated"), Luma, Runway, HeyGen' },
  {
    pattern:
      /content ?polic(?:y|ies)|content ?management ?polic|(?:usage|acceptable ?use|safety|use|ai|creation|image|text|platform|our) ?polic(?:y|ies)\b|\baup\b/,
    why: 'policies of content',
  },
  {
    pattern:
      /policy ?violat|violat\w* (?:\w+ ){0,8}(?:polic(?:y|ies)|guidelines?|guard ?rails?|terms|rules|standards?|regulations?|laws?)\b/,
    why: 'Seedance, Vidu, Sora',
  },
  {
    pattern:
      /\b(?:against|breach\w*(?: of)?|conflicts?(?: with)?|comply(?: with)?|complian\w+ with|adhere to|meet) (?:\w+ ){0,4}(?:polic(?:y|ies)|guidelines|terms of (?:use|service)|(?:our|platform|community|usage) (?:rules|standards|terms))\b|\bcontent (?:\w+ ){0,4}non ?complian/,
    why: 'the same, politely',
  },
  {
    pattern: /\b(?:breaks?|against|follows?|violates?|broke) (?:\w+ )?(?:rules|guidelines|polic(?:y|ies)|terms)\b/,
    why: 'rules that are broken, or to be followed',
  },
  { pattern: /\b(?:usage|community|content|safety) ?(?:guidelines|standards|rules)\b/, why: 'Google, YouTube, HeyGen' },
  {
    pattern:
      /safety ?(?:screening|filter|system|check|classifier|guard|guideline|review|violation|concern|rating|block|rule|restriction|setting|standard|mechanism|measure|requirement|layer|error|flag|threshold|policy|policies|attribute|moderation)/,
    why: 'OpenAI, Google, diffusers',
  },
  {
    pattern:
      /\bsafety (?:input|output|text|image|video|audio|prompt)|(?:input|output|image|preprocessing|reason|content) ?safety\b/,
    why: 'Runway (SAFETY.INPUT.IMAGE), Gemini (IMAGE_SAFETY)',
  },
  {
    pattern:
      /\b(?:blocked|rejected|refused|filtered|declined|removed|denied|withheld) (?:\w+ ){0,6}(?:safety|unsafe|inappropriate|prohibited|sensitive|harmful|content (?:check|filter|review|rules)|guidelines|guard ?rails?|copyright)/,
    why: 'blocked by … safety',
  },
  { pattern: /responsible ?ai|\brai\b|rai ?(?:media ?)?filter/, why: 'Google, Azure, AWS' },
  {
    pattern:
      /content ?(?:filter|checker|scanner|screening|safety|moderat|security|violation|restriction|block|risk)|\b(?:through|pass\w*|by|fail\w*) (?:the |our |its )?content review\b|\b(?:fail\w*|triggered) (?:the |our )?content (?:check|review|inspection|audit)\b|trust (?:and )?safety/,
    why: 'Azure, Bedrock, fal',
  },
  {
    pattern:
      /\b(?:finish|stop|block|blocked|failure) ?reason (?:\w+ )?(?:safety|prohibited ?content|recitation|spii|blocklist|content ?filter\w*|image ?safety|image ?prohibited|guard ?rail\w*|other|input moderation|output moderation)/,
    why: 'Gemini, Bedrock, Sora on Azure',
  },
  {
    pattern:
      /guard ?rails? ?(?:\w+ )?(?:interven|block|trigger|violat|reject|reason|around|concerning|regarding|for)|(?:our|blocked by|by|the) guard ?rails?\b(?! of)|\b(?:trigger|trip|hit|activat|violat|caught|stopp|fir)\w* (?:\w+ ){0,4}guard ?rails?\b/,
    why: 'Bedrock, Sora, Cosmos',
  },
  {
    pattern:
      /\b(?:as|be|is|potentially|deemed|contains?|containing|detected|and|or|considered) (?:\w+ )?inappropriate\b|\binappropriate (?:content|image|material|text|words?|language|prompt|input|audio|video|media|information|imagery)|inappropriate ?content/,
    why: 'Alibaba, Tencent, D-ID',
  },
  {
    pattern:
      /sensitive ?content|new ?sensitive|sensitive (?:words?|topics?|material|imagery|subjects?)|(?:contain|involve|include|has|have|relate)\w* (?:\w+ ){0,3}sensitive (?:information|content|data)\b|(?:flagged|identified|classified|detected|considered|deemed) (?:as |to be )?(?:potentially )?sensitive|(?:image|prompt|text|audio|video|input|output) ?sensitive (?:·|$|please)/,
    why: 'Replicate E005, Seedance, MiniMax',
  },
  { pattern: /\be005\b/, why: 'Replicate: flagged as sensitive' },
  {
    pattern:
      /\b(?:prompts?|images?|inputs?|outputs?|content|request|audio|video|text|generations?|voice|picture|photo|media|file) (?:(?:was|were|is|are|has|have|been|got|may|be|automatically) ){0,3}flagged\b(?! (?:as )?(?:deprecated|corrupt\w*|stale|duplicate|invalid|dirty|for (?:retry|deletion|cleanup|removal)|(?:an? )?(?:\w+ )?(?:jpe?g|png|webp|gif|wav|mp3|ogg|mp4|file|format)\b))/,
    why: 'OpenAI, Google, Stability',
  },
  {
    pattern:
      /(?<!job |task |node |file )\b(?:was|were|been|got) flagged (?:·|$)|flagged (?:the |this |your |our |it )?(?:prompt|image|input|output|content|request|audio|video|text|by (?:our|the|a|google|openai|content|ai)|for|as (?:nsfw|unsafe|inappropriate|harmful|adult))\b(?! (?:retry|deletion|cleanup|removal))/,
    why: 'the same, turned round',
  },
  {
    pattern:
      /\b(?:content|prompt|generation|output|this image|your image|input image|your prompt|your input|image content|text|image) (?:(?:was|is|has|been|not|were|are|got) ){0,2}(?:blocked|disallowed|restricted|censored|banned|withheld)\b(?! (?:[45]\d\d|http|waiting|on|by (?:\w+ )?(?:hosts?|server|robots|cors|firewall|proxy|waf|cloudflare|origin|rate|cdn|browser|antivirus|dependency)))/,
    why: 'something of the member was blocked, no machine',
  },
  { pattern: /\b(?:prompt|guard ?rail|guard ?rails|safety|filter) ?blocked\b/, why: 'prompt_blocked' },
  {
    pattern:
      /\b(?:this|such|image|adult|the|your|generated|sexual|prompt|type of|text) content (?:is |was |are )?(?:not|isnt) (?:allowed|permitted|acceptable)\b|\bprompts? (?:is |was )?not allowed\b(?! to be)|\b(?:disallowed|restricted|forbidden) (?:content|speech|material|imagery|language)\b|\bcontent (?:restriction|limitation)s?\b|\bcontent (?:is |was )?(?:not|isnt) (?:permitted|allowed|acceptable)\b/,
    why: 'content not allowed',
  },
  {
    pattern:
      /unsafe ?(?:content|audio|text|images?|prompts?|frames?|video|media|imagery|material|concepts?|outputs?|inputs?|generation)|(?:deemed|considered|flagged|classified|detected|marked|be) (?:as )?(?:potentially )?unsafe\b/,
    why: 'Cosmos, diffusers',
  },
  { pattern: /\bharmful\b|\bharm category\b|\bobjectionable\b|\bdisturbing (?:content|image\w*)/, why: 'Google, Azure' },
  {
    pattern:
      /prohibited ?(?:content|use|material|images?|words?|generation|terms?|subject|category)\b(?! (?:size|format|type|dimension|state))|\b(?:content|material|images?|depict\w*|such|strictly) (?:\w+ ){0,3}prohibited\b|\bprohibited hash\b/,
    why: 'Gemini, Imagen',
  },
  {
    pattern:
      /illegal (?:content|material|prompt|image content|information)|(?:image|text|video|audio|audit|submit|content) ?illegal\b/,
    why: 'Tencent, Vidu',
  },
  {
    pattern:
      /(?:risk ?control|security|audit|review|inspection|moderation|risk|compliance)(?: \w+)? (?:not pass|did not pass|failed to pass|rejected)|(?:not|fail\w*(?: to)?|didnt|didn t) pass(?:ed)? (?:\w+ ){0,3}(?:risk|safety|security|content|review|audit|moderation|inspection|compliance|checks)\b|risk ?control/,
    why: 'Kling, Jimeng, D-ID',
  },
  { pattern: /data ?inspection ?failed|green ?net/, why: 'Alibaba' },
  {
    pattern:
      /\b(?:videos?|images?|outputs?|generations?|media|responses?|prompt|samples?) (?:\w+ )?(?:was|were|has been|have been|got|are|is) (?:\w+ )?filtered\b|filtered out because/,
    why: 'Google, Azure',
  },
  {
    pattern:
      /copyright|intellectual ?property|infring|\bip violation|\btrademark|third party (?:content|rights?|likeness|ip)|similarity to third party/,
    why: 'the rights of others: Sora, Seedance, Wan',
  },
  {
    pattern:
      /self ?harm|\bsuicid|\bdrugs? (?:tobacco|use|content|paraphernalia)|\billicit\b|jail ?break|prompt (?:injection|attack)/,
    why: 'harm to oneself, drugs, attacks',
  },
  {
    pattern:
      /\b(?:contain|includ|detect|found|flagg)\w* (?:\w+ )?(?:s?pii|personal(?:ly)? (?:data|information|identifiable))\b|\bs?pii (?:detected|found|blocked)/,
    why: 'personal data',
  },
  {
    pattern:
      /\b(?:blocked|banned|forbidden|disallowed|restricted|prohibited|blacklisted|bad|profane) (?:words?|phrases?|keywords?|topics?|subjects?)\b/,
    why: 'lists of words',
  },
  {
    pattern:
      /\b(?:for|due to|because of) (?:\w+ )?(?:policy|safety|moderation|legal and safety) (?:reasons?|concerns?|violations?|restrictions?)\b|\b(?:declined|refused|blocked|rejected|denied|(?:not|isnt|arent) (?:allowed|permitted)) (?:\w+ ){0,4}(?:by|for|due to) (?:\w+ )?policy\b|\b(?:generation|request|content|image|render|job) (?:was |is )?(?:declined|refused|blocked|rejected|denied) policy\b/,
    why: 'policy reasons',
  },
  {
    pattern:
      /\b(?:tos|tou|terms(?: of (?:use|service))?|aup) (?:violations?|breach\w*|violated)\b|\b(?:violat|breach|against|break)\w* (?:\w+ ){0,4}(?:tos|tou)\b/,
    why: 'terms, by their short names',
  },
  {
    pattern:
      /\b(?:material|content|imagery|topics?|subject matter|(?:kind|type|sort) of (?:image\w*|picture|photo|portrait|clip|video|audio|request)) (?:\w+ ){0,4}(?:not|isnt|arent|never|cant be|cannot be|no longer) (?:\w+ )?(?:allowed|permitted|accepted|acceptable|welcome|eligible|suitable|appropriate|tolerated|hosted) (?:on|by|for|under|with|in|within) (?:our|this) (?:\w+ )?(?:platforms?|services?|sites?|communit\w+|products?|tools?|apps?|systems?|models?)\b|\b(?:not|isnt|arent) (?:\w+ )?(?:permitted|allowed|acceptable) under (?:\w+ ){0,4}(?:terms|rules|polic(?:y|ies)|guidelines)\b/,
    why: 'what the platform does not want',
  },
  {
    pattern:
      /\b(?:images?|videos?|audio|voice|text|prompts?|content|outputs?|inputs?|generations?|results?|frames?|pictures?) (?:\w+ ){0,2}(?:unsafe|inappropriate|not safe) (?:·|$)|\b(?:believes?|thinks?|considers?|judged|judges|rated|rates|found|finds|marks?|looks?|seems?|appears?) (?:\w+ ){0,5}(?:unsafe|not be safe|not safe|inappropriate)\b(?! to)/,
    why: 'a verdict, whoever gives it',
  },
  {
    pattern:
      /\b(?:content|community|ethics?|ethical|acceptable use) (?:checks|standards|terms|rules|guidelines|screening|principles|filters?)\b|\b(?:trust (?:and |n )?|t )safety (?:team|hold|review|block)|\bsafety team\b|\bfiltered by (?:the |our )?safety\b/,
    why: 'who judges content, by what',
  },
  {
    pattern:
      /\bcontent ?(?:rejected|refused|declined|not approved)\b|\b(?:not|isnt) something (?:\w+ ){1,3}(?:may|can|will|could|is able to) (?:create|generate|animate|produce|make|render|help|process|show)/,
    why: 'the bare refusal of content',
  },
  {
    pattern:
      /\b(?:withheld|blocked|suppressed|rejected|refused|stopped|removed|caught|declined) by (?:the |our |an? |its )?(?!(?:\w+ )?(?:spam|bloom|ad|ip|packet|network|mac|dns|url|port|e ?mail|mail|web|request|kernel|syscall|seccomp|bpf|firewall|traffic|log|resample|kalman) )(?:\w+ ){0,2}filters?\b|\bpolicy (?:block\w*|den(?:y|ied|ial)|refus\w+)\b|\bethical (?:grounds|reasons|concerns)\b|\bon (?:safety|policy|moral|ethical|legal) grounds\b/,
    why: 'a filter or a policy that stopped it, and no machine’s',
  },
  { pattern: /sentinel ?block/, why: 'Sora' },
  { pattern: /prompt ?shield|llama ?guard|shield ?gemma|prompt ?guard/, why: 'filters known by name' },
  {
    pattern:
      /\b(?:verdict|returned|returns|result|classified|label(?:led)?|blocked|output|input) unsafe\b(?! to)|\b(?:image|picture|prompt|video|audio|content|output|input) (?:is|was) unsafe\b|\bunsafe s\d+\b|\bnot safe (?:·|$|output|input|content|for work)/,
    why: 'a verdict of unsafe',
  },
  {
    pattern: /\bsafety (?:\w+ ){0,8}(?:cant|cannot|can not|not) be (?:used|processed|shown|animated)\b/,
    why: 'no cause but safety',
  },
  { pattern: /^ (?:content |image |input |prompt )?flagged (?:·|$)/, why: 'nothing but the verdict' },
  {
    pattern: /\b(?:input|prompt|image|request) (?:was|has been) rejected (?:[\w·]+ ){0,9}different (?:input|prompt|image)/,
    why: 'no cause given, another content asked for',
  },
  { pattern: /\brephras\w+ (?:your|the) (?:prompt|request)/, why: 'Veo' },
  {
    pattern:
      /\bim unable to (?:create|generate|help|animate|assist|process|produce)|\bmodel refusal\b|\bwe (?:refuse|decline) to (?:generate|create|animate|make|produce)\b|\bnot something i can\b|\bsorry i (?:cant|cannot|can not)\b|\bi (?:cant|cannot) (?:help|assist|create|generate|animate|fulfil|comply|process)|\b(?:model|provider|assistant|partner|service|ai) (?:has )?(?:refused|declined) to (?:generate|create|animate|answer|process|respond|make|produce)/,
    why: 'a language model that refuses',
  },
  {
    pattern:
      /\bbanned (?:prompts?|images?|content)\b|\babuse ?(?:filter|detect\w+|polic\w+)\b|\babusive (?:content|material|use)\b|derivative works?\b/,
    why: 'Midjourney, BFL ("Derivative Works Filter")',
  },
  {
    pattern:
      /\b(?:image|picture|photo|portrait|video|audio|voice|clip|prompt|text|content|upload|submission) (?:\w+ ){0,2}fail\w* (?:to pass )?(?:the |our |a )?(?:\w+ )?(?:review|audit|moderation|inspection|screening)\b/,
    why: 'a review of content that was failed',
  },
  {
    pattern:
      /\bmatch\w* (?:\w+ ){0,3}(?:existing|copyrighted|protected|commercial) (?:\w+ )?(?:works?|songs?|recordings?|art|tracks?|material)\b/,
    why: 'the rights of others: Suno',
  },
];

/** Advice at the end names every kind of input, and says nothing about which it was. */
const LISTS_OF_INPUTS =
  /\b(?:images?|photos?|videos?|text|prompts?|pictures?) (?:and |or |and or )?(?:audio|voice)\b|\b(?:audio|voice) (?:and |or |and or )(?:images?|photos?|videos?|text|prompts?|pictures?)\b/g;

/** The reason of a text that says that content was refused; undefined where it says no such thing. */
export function blockedReason(text: string): Reason | undefined {
  const strong = STRONG.find(({ pattern }) => pattern.test(text));
  if (strong === undefined && !SIGNALS.some(({ pattern }) => pattern.test(text))) {
    return plainRefusal(text) ?? blockedElsewhere(text);
  }
  const named = text.replace(LISTS_OF_INPUTS, GAP);
  const category = CATEGORIES.find(({ pattern }) => pattern.test(named))?.reason;
  return category ?? strong?.reason ?? blockedElsewhere(text) ?? 'blocked-other';
}
