import type { Reason } from '../core/reasons.ts';

/** Texts are normalised: lower case, single spaces, no punctuation. ` ?` lets machine codes match, glued or not. */
type Rule = { reason: Reason; pattern: RegExp; why: string };

/** Says by itself that a safety filter refused, and why. */
export const STRONG: readonly Rule[] = [
  {
    reason: 'blocked-minor',
    pattern:
      /\bcsam\b|\bcsem\b|\bcsae\b|underage|\bunder age\b|\bminors\b|\b(?:under|younger than|below) (?:the age of )?(?:18|13|eighteen)\b|child ?(?:safety|abuse|sexual|exploitation|detected|protection|endangerment|content|face|likeness)|\bminor ?(?:detected|safety|content|likeness|protection|found|present|in)|(?:contain|depict|show|featur|involv|includ|portray|resembl|appears to be|looks like|detect|recogni[sz]|is|of)\w* (?:\w+ ){0,3}(?:a minor|child|children|kids?|teenagers?|toddlers?|infants?|baby|babies)\b|(?:children|kids|child|minor|teenagers?|bab(?:y|ies)|infants?) (?:\w+ ){0,3}(?:not allowed|not permitted|prohibited|detected|not supported|forbidden)/,
    why: 'children',
  },
  {
    reason: 'blocked-sexual',
    pattern:
      /\bnsfw|nsfw\b|sexual|\bnud(?:e|ity|es)\b|nudity|\bporn|\berotic|adult ?(?:content|material|imagery|nudity|only)|explicit ?(?:content|material|imagery|nudity|images?)|\bnaked\b|\bsuggestive (?:content|image\w*|pose\w*|material)|\bintimate (?:image\w*|content|photos?|material)|\brevealing (?:clothing|clothes|outfit)|\blewd\b/,
    why: 'sexual',
  },
  {
    reason: 'blocked-violence',
    pattern:
      /\bviolen(?:ce|t)\b|\bgor(?:e|y)\b|graphic ?(?:content|imagery)|\bweapons?\b|\bterroris|\bextremis[mt]|\bbloody\b|dangerous ?content/,
    why: 'violence',
  },
  {
    reason: 'blocked-hate',
    pattern:
      /\bhate ?speech\b|\bhate\b|\bhateful|harass(?:ment|ing)|\braci(?:st|sm)\b|toxic (?:content|language|speech|text)|\btoxicity\b/,
    why: 'hate',
  },
  {
    reason: 'blocked-person',
    pattern:
      /celebrit(?:y|ies)|public ?(?:figures?|persons?|personalit(?:y|ies))|real ?(?:person|people|human|individual)s?\b|deep ?fake|likeness|prominent ?(?:people|person|politician)|\bprotected (?:person|people|individual|identit)|famous (?:person|people|individual)|well known (?:person|people|individual|figure)|photo ?realistic (?:people|persons?|humans?|faces)|realistic humans?|identifiable (?:person|people|individual)s?|recogni[sz]able (?:person|people|individual)s?|political ?figure|(?:known|a|of) politicians?|privacy ?information/,
    why: 'real and known people',
  },
];

/** Where a block is certain, the category that its words name, the gravest first. */
export const CATEGORIES: readonly Rule[] = [
  {
    reason: 'blocked-minor',
    pattern:
      /\bminors?\b|\bchild(?:ren)?s?\b|\bkids?\b|underage|\bcsam\b|\bteen(?:age\w*|s)?\b|\binfants?\b|\bbab(?:y|ies)\b|\btoddlers?\b|\byouths?\b|\bjuveniles?\b|\b(?:under|below|younger than) (?:the age of )?(?:18|13|eighteen)\b|\byoung (?:person|people|looking|girl|boy)|child ?(?:safety|abuse)/,
    why: 'children',
  },
  {
    reason: 'blocked-sexual',
    pattern:
      /nsfw|sexual|\bnud(?:e|ity|es)\b|nudity|\bnaked\b|\bporn|\berotic|\bexplicit\b(?! violence| gore)|\badult\b|\bintimate\b|\blewd\b|\bsuggestive\b|\bvulgar|\bobscen|\bundress|\btopless\b|\bgenital|\bbreasts?\b|\bracy\b|\bunderwear\b|\bswimwear\b|\blingerie\b|\bbikini|\bfetish\b|\bunclothed\b|\b(?:exposed|bare|much) skin\b|\bskin exposure\b|\bsafe for work\b/,
    why: 'sexual, vulgar',
  },
  {
    reason: 'blocked-violence',
    pattern:
      /violen|\bgor(?:e|y)\b|\bblood|\bweapon|\bguns?\b|\bfirearms?\b|\bdead bod|\bcorpses?\b|\bcadaver|\bmutilat|\bwar scenes?\b|\bterror|\bkill|\bmurder|\btortur|\bdangerous\b|\bbrutal|\bgraphic\b|\bextremis|\bdisturbing\b|\bassault|(?<!self )\binjur|\bexplosi|\bwarfare\b|(?<!harassment )\bthreat(?:s|ening)\b/,
    why: 'violence, danger',
  },
  {
    reason: 'blocked-hate',
    pattern:
      /\bhate|\bharass|\btoxic|\braci(?:st|sm)|\bslurs?\b|\bdiscriminat|\binsult|\bbully|\bderogatory|\bdemean|\bdehumani|\bbigot|\bsuprema|\bxenophob|\bmisogyn|\bantisemit|\bnazi|\boffensive (?:language|speech|words?|text)|\bprofan|\babusive (?:language|speech)/,
    why: 'hate, harassment, toxic language',
  },
  {
    reason: 'blocked-person',
    pattern:
      /celebrit|public ?figure|real ?(?:person|people|human|individual)|likeness|deep ?fake|\bpolitician|political ?figure|\bfamous\b|well known (?:person|people|figure)|\bprominent\b|impersonat|\bidentit|personal(?:ly)? ?(?:data|information|identifi)|\bs?pii\b|privacy|\bbiometric|\brecogni[sz]able\b|\bidentifiable\b|\bpublicity\b|\belected\b|\bconsent\b|\bfaces?\b|\bhumans?\b|\bpeople\b|\bpersons?\b/,
    why: 'people: known, real, or their data',
  },
  {
    reason: 'blocked-audio',
    pattern:
      /\baudio|audio(?:moderation|sensitive|risk|safety)|\bvoice|\bspeech\b|\bmusic|\bsongs?\b|\blyrics|\bsound(?:s|tracks?)?\b|\btranscript|\bspoken\b|\brecording/,
    why: 'what is heard',
  },
];
