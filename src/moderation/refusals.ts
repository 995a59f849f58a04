import type { Reason } from '../core/reasons.ts';

/**
 * A refusal told in plain words: a topic that filters watch for, beside a word that something was seen in what was given, or that it is not
 * allowed. Neither counts alone: "killed" is what becomes of processes, "refused" of connections. So the topics are words that a
 * machine's own trouble does not use; what is left of those is taken out as innocent before.
 */
const TOPICS: readonly { reason: Reason; pattern: RegExp }[] = [
  {
    reason: 'blocked-minor',
    pattern:
      /\b(?:children|kids|toddlers?|infants?|babies|teenagers?|adolescents?|school ?(?:child\w*|girls?|boys?|kids?)|minors|underage|under aged?)\b|\b(?:a|an|apparent|possible|potential|likely|suspected) (?:minor|child|kid|teen|baby)\b|\b(?:minor|child|kid) (?:face|subject|person|faces|in (?:the )?(?:image|picture|photo|portrait|frame))\b|\bschool age\b|\bage gat(?:e|ed|ing)\b|\b(?:age|aged|estimated|looks|appears)(?: (?:at|as|to be|about|around|approximately|of|is))* (?:1[0-7]|[1-9]) (?:years?|yrs?)\b|\bage (?:estimate|restricted|restriction)\b|\b(?:apparent|estimated|perceived|detected|subjects?) age\b|\b(?:too young|looks young|youthful|(?:not|isnt|not be|not look like) an adult|legal age|age of majority)\b|\bage (?:\w+ ){0,4}(?:below|under|threshold|verification|limit)\b/,
  },
  {
    reason: 'blocked-sexual',
    pattern:
      /\b(?:nudity|nudes?|naked|porn\w*|erotic\w*|undress\w*|topless|lingerie|swimwear|genital\w*|buttocks|hentai|breasts?|racy|revealing|suggestive|sexy|obscen\w*|indecen\w*|vulgar\w*|fetish)\b|\bprivate parts\b|\btoo much skin\b|\b(?:exposed|bare|uncovered|visible) (?:\w+ )?(?:skin|chests?|body|bodies|torso|breasts?)\b|\bskin exposure\b|\bbody parts\b|\b(?:unclothed|undressed|scantily|underwear|bikinis?|partially clothed|without clothes|seductive|provocative)\b|\b(?:classified|flagged|marked) as (?:explicit|adult)\b|\bexplicit adult\b|\bsexual\w*\b/,
  },
  {
    reason: 'blocked-violence',
    pattern:
      /\b(?:gore|firearms?|guns?|weapons?|killing|murder|tortur\w*|corpses?|cadavers?|dead (?:bodies|people|persons?)|blood|wounded|injuries|injured|stabbing|massacres?|casualt(?:y|ies)|bloodshed|threats? (?:to|of) (?:kill\w*|harm\w*|hurt\w*|violence|murder)|death threats?|carnage|atrocit\w+|shootings?|executions? of|ammunition|rifles?|pistols?|knives|terror|graphic (?:scenes?|content|injur\w+)|terroris[mt]\w*|explosives|bombs?|beheading|mutilation|weaponry)\b/,
  },
  {
    reason: 'blocked-hate',
    pattern:
      /\b(?:derogatory|slurs?|bullying|insults?|profan(?:e|ity)|racis[mt]|homophob\w+|sexist|nazis?|swastikas?|antisemit\w+|hateful|hatred|demean\w*|dehumani[sz]\w+|discriminatory|bigot\w*|misogyn\w*|xenophob\w*|islamophob\w*|transphob\w*|suprema\w+|propaganda|ethnicit\w+|ethnic|religious (?:group|hatred|symbol\w*)|religions?|vilif\w+)\b|\bprotected (?:groups?|class\w*|characteristics?|attributes?)\b|\babusive (?:language|speech|content)\b/,
  },
  {
    reason: 'blocked-person',
    pattern:
      /\b(?:famous|politicians?|celebrit\w+|hollywood|impersonat\w+|deepfakes?|presidents?|actors?|actress|singers?|musicians?|athletes?|influencers?)\b|\b(?:known|public|protected|prominent|popular|recogni[sz]able|elected|senior|notable|high profile) (?:\w+ )?(?:artists?|officials?|characters?|stars?|faces?|identit\w+|talents?|persona(?:lit\w+)?s?|people|individuals?)\b|\bheads? of (?:state|government)\b|\b(?:royals?|royalty|monarchs?|dignitar\w+|senators?|lookalikes?|look alikes?)\b|\bmembers? of (?:parliament|congress|the government)\b|\b(?:film|movie|pop|rock|sports?|tv|football|soccer|nba|nfl) (?:stars?|players?|personalit\w+|figures?|celebs?)\b|\bperson of interest\b|\bidentity (?:protection|theft|fraud)\b|\b(?:depicted|pictured|shown) (?:persons?|individuals?|peoples?)\b|\bpersons? (?:face|likeness|permission|consent|identity)\b|\b(?:persons?|individuals?|subjects?|their|written|explicit) (?:\w+ )?(?:permission|consent)\b|\bsomeone elses (?:face|identity|image)\b|\bright of publicity\b|\bpublicity rights?\b|\bpolitical (?:candidates?|leaders?|figures?)\b|\bwell known (?!errors?|issues?|bugs?|problems?|ports?|types?|uris?|limitations?)\w+\b|\b(?:ministers?|chancellors?|governors?|mayors?|footballers?|broadcasters?|comedians?)\b|\b(?:show|depict|resembl|portray|look)\w* (?:like )?(?:somebody|someone) else\b|\b(?:known|public|recogni[sz]ed) (?:personalit\w+|persons?|people|figures?)\b|\b(?:someone|somebody|anyone) (?:\w+ )?(?:known|famous|recogni[sz]able|prominent)\b|\b(?:other|another) (?:peoples|persons|individuals) (?:faces?|likeness|identity|image|voice|photos?)\b|\bwithout (?:their|his|her|the persons) (?:\w+ )?(?:agreement|permission|consent|knowledge)\b|\bprivate information\b|\b(?:living|real|private|identifiable) (?:individuals?|persons?|people)\b|\b(?:photo ?)?realistic (?:human )?(?:people|persons?|humans?|faces)\b/,
  },
  {
    reason: 'blocked-other',
    pattern:
      /\b(?:our|the providers?|googles?|openais?) (?:\w+ )?(?:guidelines|polic(?:y|ies)|rules|filters?|standards)\b|\b(?:narcotics|cocaine|gambling|suicid\w+)\b|\bself (?:harm|injury)\b|\bdrugs? (?:and|use|imagery|content|related)\b/,
  },
];

/** What was seen in the inputs, that they will not do, or the form of a filter's verdict. */
const VERDICT =
  /\b(?:reject|refus|declin|denied|deny|block|filter|withh[eo]ld|remov|disallow|forbid|prohibit|bann|flagg|suppress|restrict|stopp|cancel|detect|visible|contain|depict|shows?|showing|looks? like|seems?|appears?|resembl|belongs?|sees?|promot|discard|blurr|censor|hidden|label|flags|categor|verdict|classif|safety|safe search|moderat|score|probab|polic|violat|against|halt|ineligib|turn(?:ed|s)? (?:down|away)|off limits|likely|likelihood|rating|trigger|prevent|caught|catch|too|in (?:the |your )?(?:image|picture|photo|transcript|audio|voice|speech|clip))\w*|(?<!not )\bfound\b|\b(?:not|never|isnt|arent|cant|cannot|dont|doesnt|wont|couldnt|unable) (?:\w+ ){0,3}(?:allow|permit|accept|support|make|create|produce|animate|generate|continue|proceed|process|do|accept|verify|used?)\w*/;

/** The reason of a plain refusal in a normalised text, the gravest topic first. */
export function plainRefusal(text: string): Reason | undefined {
  if (!VERDICT.test(text)) return undefined;
  return TOPICS.find(({ pattern }) => pattern.test(text))?.reason;
}
