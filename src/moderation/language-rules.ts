/** What is refused, in the order in which it counts: the gravest first. `audio` only names what a certain refusal was about. */
export type Topics = Readonly<Record<'minor' | 'sexual' | 'violence' | 'hate' | 'person' | 'audio', RegExp>>;

/**
 * How the filters of other languages speak. `filter` says by itself that content was refused; `refused` does so beside one of the
 * topics. Texts are normalised: lower case, no punctuation, and Latin letters without accents ("contenido sensible").
 */
export type Language = { filter: RegExp; refused: RegExp; topics: Topics };

/** All languages but English that rules are written for. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  german: {
    filter:
      /jugendschutz|sicherheits(?:filter|system|richtlini|prufung)|inhalts(?:filter|richtlini|prufung|moderation)|nutzungs(?:richtlini|bedingung)|gemeinschafts(?:richtlini|standard)|unangemessen\w* inhalt|unzulassig\w* inhalt|versto(?:ß|ss)t gegen (?:\w+ ){0,4}(?:richtlini|regeln|vorgaben|bestimmung)/,
    refused:
      /abgelehnt|blockiert|gesperrt|verweigert|nicht (?:erlaubt|zulassig|gestattet|unterstutzt)|unzulassig|verboten|untersagt|erkannt|gefunden|enthalt/,
    topics: {
      minor: /minderjahrig|\bkind(?:er|ern|es)?\b(?! ?(?:prozess|knoten|element))|jugendliche/,
      sexual: /sexuell|\bnackt|pornogra|erotisch|freizugig/,
      violence: /gewalt(?:dar|verherr|tatig|szene| )|\bwaffen|\bblutig|terroris/,
      hate: /\bhass|rassis|volksverhetz|beleidig|diskriminier/,
      person: /prominente\b|bekannte\w* person|offentliche\w* person|echte\w* person|reale\w* person|\bpolitiker/,
      audio: /\baudio|tonspur|sprachaufnahme|\bstimme/,
    },
  },
  spanish: {
    filter:
      /filtros? de (?:seguridad|contenido)|politicas? de (?:contenido|uso|seguridad)|normas de (?:la )?comunidad|contenido (?:sensible|inapropiado|prohibido|inadecuado|no permitido)|moderacion de contenido|(?:viola|infring)\w* (?:\w+ ){0,3}(?:politicas?|normas|directrices|reglas|terminos)|(?:motivos|razones) de seguridad/,
    refused:
      /bloquead|rechazad|denegad|no (?:se permite|esta permitid|estan permitid|permitid)|prohibid|infring|detectad|no se admit|contiene/,
    topics: {
      minor: /menor(?:es)? de edad|\bmenores\b|\bnin[oa]s?\b/,
      sexual: /sexual|desnud|pornogra|erotic|para adultos/,
      violence: /violent|violencia|\barmas?\b|sangrient|terroris/,
      hate: /\bodio\b|racis|\bacoso\b|ofensiv/,
      person: /personaje publico|figura publica|\bfamos|celebridad|persona real|\bpolitic[oa]s?\b(?! de)/,
      audio: /\baudio|\bvoz\b/,
    },
  },
  french: {
    filter:
      /filtre de (?:contenu|securite|moderation)|politiques? (?:de contenu|d ?utilisation|de securite)|(?:regles|conditions) (?:de contenu|d ?utilisation|de la communaute)|contenus? (?:inapproprie|sensible|interdit|illicite|bloque)|(?:viole|enfrei\w+|conforme a|contraire a) (?:\w+ ){0,3}(?:regles|conditions|politiques?|directives)/,
    refused: /bloque|refus|rejete|interdit|pas autoris|non autoris|detecte|contient/,
    topics: {
      minor: /(?<!versions? )\bmineure?s?\b|(?<!processus )\benfants?\b/,
      sexual: /sexuel|nudite|pornogra|erotique|pour adultes/,
      violence: /violent|violence|\barmes?\b|sanglant|terroris/,
      hate: /haineu|\bhaine\b|racis|injurieu|harcel/,
      person: /celebrite|personnalite|personnage public|figure publique|personne reelle|politicien/,
      audio: /\baudio|\bvoix\b/,
    },
  },
  portuguese: {
    filter:
      /filtros? de (?:seguranca|conteudo)|politicas? de (?:conteudo|uso|seguranca)|diretrizes (?:de|da)|conteudo (?:improprio|sensivel|proibido|inadequado)|viola\w* (?:\w+ ){0,3}(?:politicas?|diretrizes|regras|termos)/,
    refused: /bloquead|rejeitad|recusad|negad|nao (?:e |sao )?permitid|proibid|detectad|contem/,
    topics: {
      minor: /menor(?:es)? de idade|\bcriancas?\b/,
      sexual: /sexual|sexuais|nudez|pornogra|adulto/,
      violence: /violent|violencia|\barmas?\b|sangrent/,
      hate: /\bodio\b|racis|assedio|ofensiv/,
      person: /figura publica|celebridade|\bfamos|pessoa real|\bpolitic[oa]s?\b(?! de)/,
      audio: /\baudio|\bvoz\b/,
    },
  },
  italian: {
    filter:
      /filtro di sicurezza|filtro (?:dei |sui )?contenut|(?:politica|norme|linee guida) (?:sui|dei|di|della|sull) ?(?:contenut|utilizzo|comunita|uso)|contenut\w (?:inappropriat|sensibil|vietat)|viola\w* (?:\w+ ){0,3}(?:linee guida|norme|regole|termini|politic\w+)/,
    refused: /bloccat|rifiutat|respint|vietat|non (?:e |sono )?(?:consentit|permess|ammess)|rilevat|contiene/,
    topics: {
      minor: /minorenn|\bbambin/,
      sexual: /sessual|\bnud[oa]\b|nudita|pornogra|per adulti/,
      violence: /violent|violenza|\barmi\b|terroris/,
      hate: /\bodio\b|razzis|offensiv/,
      person: /personaggio pubblico|celebrita|\bfamos|persona reale|\bpolitico\b/,
      audio: /\baudio|\bvoce\b/,
    },
  },
  dutch: {
    filter:
      /veiligheidsfilter|inhoudsbeleid|gebruiksbeleid|(?:community|gebruiks)richtlijnen|ongepaste inhoud|schend\w* (?:\w+ ){0,4}(?:beleid|richtlijnen|regels)/,
    refused: /geweigerd|geblokkeerd|afgewezen|niet toegestaan|verboden|gedetecteerd|bevat/,
    topics: {
      minor: /minderjarig|\bkind(?:eren)?\b/,
      sexual: /seksu|naakt|pornogra|erotisch/,
      violence: /geweld|\bwapens?\b|terroris/,
      hate: /\bhaat|racis|beledig/,
      person: /bekend\w* persoon|publiek\w* figuur|beroemd|echte persoon|politicus/,
      audio: /\baudio|\bstem\b/,
    },
  },
  polish: {
    filter:
      /filtr\w* (?:bezpieczenstwa|tresci)|(?:zasad|polityk|wytyczn)\w* (?:dotyczac\w+ )?(?:tresci|spolecznosci|uzytkowania|bezpieczenstwa)|narusz\w* (?:\w+ ){0,3}(?:zasad|regulamin|wytyczn|polityk)/,
    refused: /zablokowan|odrzucon|odmow|zabronion|niedozwolon|nie mozemy|wykryto|przedstawia|zawiera/,
    topics: {
      minor: /niepełnoletni|małoletni|\bdziec/,
      sexual: /seksual|nagosc|pornogra|erotycz/,
      violence: /przemoc|\bbron\b|terroryz/,
      hate: /nienawisc|rasis|obraz(?:liw|a )/,
      person: /osob\w* publiczn|celebryt|znan\w* osob|prawdziw\w* osob|polityk(?:a|ow)\b/,
      audio: /\baudio|\bgłos/,
    },
  },
  turkish: {
    filter: /icerik politika|guvenlik (?:filtre|politika)|topluluk kural|uygunsuz icerik|kullanım (?:kosul|politika)/,
    refused: /engellen|reddedil|yasak|izin verilm|tespit edil|iceriyor/,
    topics: {
      minor: /resit olmayan|\bcocuk/,
      sexual: /cinsel|cıplak|pornogra|mustehcen/,
      violence: /siddet|\bsilah|teror/,
      hate: /nefret|ırkcı|hakaret/,
      person: /unlu kisi|kamuya mal|gercek kisi|siyasetci/,
      audio: /\bses\b/,
    },
  },
  russian: {
    filter:
      /фильтр[а-я]* (?:безопасности|контента|содержимого)|политик[а-я]* (?:контента|безопасности|использования)|правил[а-я]* (?:сообщества|использования|платформы)|модераци|наруша[а-я]+ (?:[а-я]+ ){0,3}(?:правил|политик|услови)[а-я]*|неприемлем|недопустим[а-я]+ (?:контент|содерж)/,
    refused: /заблокирован|отклонен|отклонён|запрещен|запрещён|отказано|не допуска|обнаружен|содержит/,
    topics: {
      minor: /несовершеннолетн|реб[её]н|(?<![а-я])дет(?:и|ей|ям)(?![а-я])/,
      sexual: /сексуал|порно|обнаж|нагот|эротич|для взрослых/,
      violence: /насили|оружи|террор|кровав/,
      hate: /ненавист|расис|оскорб/,
      person:
        /знаменит|публичн[а-я]+ (?:лиц|фигур|персон)|известн[а-я]+ (?:личност|человек|персон)|реальн[а-я]+ (?:человек|люд|лиц)/,
      audio: /аудио|голос|речь/,
    },
  },
  chinese: {
    filter:
      /(?<!大小[写寫])敏感(?!度)|违规|違規|违法|違法|[审審]核(?:不通过|未通过|未通過|失败|失敗|拒绝)|未(?:能)?通[过過]\S{0,6}(?:[审審]核|安全)|版权|版權|[内內]容安全|风控|風控|涉政|涉黄|涉黃|涉嫌|色情|暴恐|血腥|侵权|侵權|违反\S{0,10}(?:政策|规定|规范|准则|规则)|不合规|不符合\S{0,4}(?:规范|规定|政策|要求)|遵守\S{0,4}(?:规范|规定)|不当内容|安全原因|不适宜/,
    refused: /出现|請更換|拦截|攔截|拒绝|拒絕|禁止|屏蔽|不允许|不支持|检测到|檢測到|包含|涉及|含有|疑似|无法生成/,
    topics: {
      minor: /未成年|儿童|兒童|小孩|孩子/,
      sexual: /色情|涉黄|涉黃|裸露|裸体|低俗|成人内容/,
      violence: /暴力|血腥|暴恐|恐怖|武器/,
      hate: /仇恨|辱骂|歧视|侮辱/,
      person: /名人|明星|真人|公众人物|公眾人物|敏感人物|政治人物|领导人|肖像|隐私/,
      audio: /音频|音頻|语音|声音/,
    },
  },
  japanese: {
    filter:
      /(?:ポリシー|ガイドライン|規約)に?(?:違反|抵触)|不適切|セーフティ|安全(?:性)?フィルター?|コンテンツ ?フィルター?|モデレーション/,
    refused: /ブロック|拒否|禁止|許可されて|検出|却下|生成できません|使用できません|含まれて/,
    topics: {
      minor: /未成年|子供|子ども|児童/,
      sexual: /性的|わいせつ|ポルノ|ヌード|裸|アダルト|露骨な/,
      violence: /暴力|残虐|流血|武器|テロ/,
      hate: /ヘイト|差別|憎悪|嫌がらせ/,
      person: /有名人|著名人|実在(?:の|する)人物|公人|政治家|芸能人|肖像/,
      audio: /音声|声/,
    },
  },
  korean: {
    filter:
      /정책(?:을|에)? ?위[반배]|가이드라인(?:을|에)? ?위반|약관(?:을|에)? ?위반|부적절|안전 ?(?:필터|시스템|정책)|(?:콘텐츠|컨텐츠) ?(?:필터|정책)|유해/,
    refused: /차단|거부|금지|허용되지|감지|거절|생성할 수 없|포함/,
    topics: {
      minor: /미성년|아동|어린이|청소년/,
      sexual: /성적|선정|음란|누드|나체/,
      violence: /폭력|잔인|무기|테러/,
      hate: /혐오|차별|증오/,
      person: /유명인|연예인|공인|실존 ?인물|정치인/,
      audio: /음성|오디오|목소리/,
    },
  },
};
