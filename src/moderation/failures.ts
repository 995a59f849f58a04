import type { Reason } from '../core/reasons.ts';
import { BROKEN_JUDGE } from './out-of-order.ts';

/** Failures that are no block, the first that fits wins. Texts are normalised: lower case, single spaces, no punctuation. */
const RULES: readonly { reason: Reason; pattern: RegExp; why: string }[] = [
  // The operator's account with the provider.
  {
    reason: 'credits',
    pattern:
      /\b(?:insufficient|enough|no|0|out of|low|too few|lack\w*|zero) (?:\w+ )?(?:credits?|balance|funds?)\b|insufficient ?(?:credits?|balance|funds?|quota)|\bcredits? (?:\w+ ){0,3}(?:exhausted|depleted|too low|required|insufficient|used up|ran out|limit)\b|\bbalance (?:\w+ ){0,3}(?:low|insufficient|exhausted)\b|\bpayment ?required\b|\bbilling\b|\btop up\b|\bspend(?:ing)? limit\b|\barrears\b|\boverdue\b|\b(?:add|buy|purchase) (?:\w+ )?credits?\b|\bupgrade your plan\b|\bfree tier\b|\bpayment method\b|\brecharge\b|余额不足|欠费|积分不足|残高|saldo insuficiente|guthaben/,
    why: 'money, also where a quota is one of money',
  },
  {
    reason: 'key',
    pattern:
      /\b(?:invalid|incorrect|missing|expired|wrong|revoked|disabled|unknown|bad) (?:\w+ )?(?:api ?keys?|access ?keys?|credentials?|auth\w* tokens?|access tokens?|bearer tokens?)\b|\bapi ?keys? (?:\w+ ){0,3}(?:invalid|incorrect|missing|expired|revoked|not found|not valid|disabled|required|suspended|blocked)\b|\bkeys? (?:\w+ ){0,3}(?:has been |was |is )?(?:revoked|rejected|disabled|expired|deactivated)\b|\bunauthori[sz]ed\b|\bunauthenticated\b|\bauthenticat\w+ (?:\w+ )?(?:failed|error|required|failure)\b|\b(?:token|jwt|signature) (?:has |is )?(?:expired|invalid)\b|\b(?:invalid|no) (?:token|api key)\b|\b(?:account|organi[sz]ation|api key|project|user) (?:\w+ ){0,3}(?:suspended|disabled|terminated|deactivated|banned|blocked|locked)\b|\bpermission ?denied\b|\bnot authori[sz]ed\b|\bkeys? (?:\w+ ){0,3}(?:no|not|without) (?:\w+ )?(?:access|permission|allowed)/,
    why: 'the key, or the account behind it',
  },
  {
    reason: 'busy',
    pattern:
      /\brate ?limit|\btoo ?many ?requests\b|\bthrottl|\bresource ?exhausted\b|\bquota ?exceeded\b|\bexceeded (?:\w+ ){0,3}quota\b|\bconcurren\w+ (?:\w+ ){0,2}(?:limit|exceeded)\b|^ (?:http |error |status )*(?:code )?429 /,
    why: 'calls are limited; a server that calls itself busy is the provider’s trouble',
  },

  // The provider's machines, whatever they were at work on when it happened.
  { reason: 'provider', pattern: BROKEN_JUDGE, why: 'a filter that timed out or crashed, also one for audio or images' },
  {
    reason: 'provider',
    pattern:
      /\bout ?of ?memory\b|\boom\b|\bcuda\b|\bcud[a-z]+ (?:error|status)|\bcublas\w*|\bnccl\b|\bgpu\b|\btensors?\b|\bdtype\b|\bstate ?dict\b|\bcheckpoints?\b|\bweights (?:file )?(?:not|missing|could)|\b(?:models?|weights|pipeline) (?:\w+ ){0,3}(?:not found|not loaded|unavailable|failed to load|could not be loaded|missing|not available)\b|\b(?:load\w*|download\w*|find|initiali[sz]\w*) (?:\w+ ){0,5}(?:models?|weights)\b|\bmodel weights\b|\bhugging ?face\b|\bfrom (?:the )?hub\b|\bno space left\b|\bimage server\b|\b(?:image|container|docker) ?pull\b|\b(?:container|docker|base) image\b|\billegal instruction\b|\bsegmentation\b|\bcore dumped\b|\bsegfault\b|\bno module named\b|\bmodule ?not ?found\b|\battribute ?error\b|\b(?:workers?|container|pod|node|instance) (?:\w+ ){0,2}(?:lost|crash\w*|died|restart\w*|evicted|exited|killed|terminated|preempted)\b|\bunknown encoder\b|\bencoder (?:\w+ )?not found\b/,
    why: 'machines, models, memory',
  },

  {
    reason: 'audio',
    pattern:
      /\b(?:audios?|voice|speech|clip) (?:\w+ ){0,8}(?:seconds|durations?|too (?:long|short|quiet|noisy)|longer|shorter|silent)\b/,
    why: 'the length of the voice, before rules for parameters take "must be between"',
  },
  {
    reason: 'image',
    pattern:
      /\b(?:images?|photo|picture|portrait) (?:\w+ ){0,5}(?:dimensions?|width|height|resolution|pixels?|megapixels|aspect ratio|too (?:small|large|big|dark|blurry))\b/,
    why: 'the size of the portrait, likewise',
  },

  {
    reason: 'face',
    pattern:
      /\bfaces? (?:\w+ ){0,5}(?:is |are )required\b|\b(?:one|single|more than one|multiple|several|two|many) (?:faces?|people|persons)\b/,
    why: 'one face is wanted, before rules for parameters take "is required"',
  },
  {
    reason: 'image',
    pattern: /\b(?:broken|bad|corrupt\w*|truncated) (?:png|jpe?g|webp|gif|image)\b/,
    why: 'a damaged portrait, before "bad header"',
  },

  // What was to be fetched or read, before the kinds of media: it is the request that is wrong.
  {
    reason: 'input',
    pattern: /\b(?:face|pose|lip) ?weight\b|\bface ?expand ?ratio\b(?! mask)/,
    why: 'the weights of a render',
  },
  {
    reason: 'input',
    pattern:
      /\b(?:download|fetch|retrieve|access|reach|open|get|load|read)\w* (?:\w+ ){0,7}(?:url|link|uri|resource|remote file)\b|\b(?:url|link|uri)s? (?:\w+ ){0,4}(?:invalid|not valid|unreachable|inaccessible|not accessible|expired|not found|could not|cannot|must be|broken|forbidden|404|403|failed|required|unsupported)\b|\burls? (?:\w+ )?allowed\b|\binvalid (?:\w+ )?(?:url|uri|link)\b|\bvalid (?:\w+ ){0,3}(?:url|uri)\b|\b(?:failed|unable|cannot|could not|couldnt|cant) (?:to )?(?:download|fetch|retrieve) (?:\w+ ){0,4}(?:image|audio|file|media|input|resource|asset|voice|portrait|photo|video)\b|\b(?:image|audio|media|file|input|resource) ?download ?(?:failed|failure|error)|\bimagedownloadfailure\b/,
    why: 'an address that cannot be read',
  },
  {
    reason: 'input',
    pattern:
      /\b(?:missing|required|mandatory|unexpected|unknown|unsupported|unrecogni[sz]ed|invalid|illegal|bad|malformed|incorrect) (?:\w+ )?(?:parameters?|params?|fields?|arguments?|propert\w+|keys?|header|values?|json|body|payload|request|enum|options?|schema|base64|input|type|seed)\b|\bfield required\b|\bfield is required\b|\bis (?:required|mandatory)\b|\bvalidation ?errors?\b|\bunprocessable\b|\bbad ?request\b|\bmust be a (?:url|string|number)\b|\b(?:payload|body|request) (?:\w+ )?malformed\b|\bjson ?decode\b|\bnot (?:a )?valid json\b|\binvalid json\b|\badditional properties\b|\bdownload\w* (?:of )?(?:the )?(?:\w+ ){0,2}failed http\b|\bnot a valid (?!image|audio|wav|mp3)|\bmust be (?:\w+ )?(?:string|number|integer|boolean|float|array|object|a valid|one of|between|greater|less|set|at least|at most|provided|positive)\b|\bshould be (?:greater|less|between|one of|a valid|at least)|\bnot within the range\b|\bcase sensitive\b|\bviolates (?:the )?schema\b|\bschema violation|\b(?:method|content type|parameter|argument|option|extension|value|field) (?:\w+ ){0,2}not allowed\b|\bnot allowed to be (?:empty|null|blank)\b|\bcannot be (?:empty|null|blank|less)\b|\bparameters? (?:\w+ ){0,6}(?:not valid|invalid|must|should|required|not supported|out of range)\b/,
    why: 'a request that is not as it should be',
  },

  {
    reason: 'expired',
    pattern:
      /\b(?:requests?|jobs?|tasks?|records?|results?|predictions?|outputs?) (?:\w+ ){0,3}(?:(?:has |have |is |was |are |or )?expired|no longer (?:available|exists?|kept)|not found)\b|\bretention (?:period|time|window)\b/,
    why: 'the record of the order is gone; addresses that expired were named above',
  },
  {
    reason: 'provider',
    pattern: /\bconnect etimedout\b|\b(?:connection|connect) timed? ?out\b/,
    why: 'the network, not the job',
  },

  // The face before the picture and the sound: "no face in the image" speaks of both.
  {
    reason: 'face',
    pattern:
      /\bempty axes\b|\blist index out of range\b|\bfor axis 0 with size 0\b|\bfaces?\b|face ?(?:detect|not|error)|\blandmarks?\b|\bhead ?pose\b|\bfacial\b|\bno (?:\w+ )?(?:person|human|people|portrait|head) (?:\w+ )?(?:found|detected)\b|\b(?:find|detect|see|locate|recogni[sz]e) (?:a |any |one |the )?(?:\w+ )?(?:person|human|people|head|someone)\b|\bgesicht|\brostros?\b|\bvisages?\b|\bvolto\b|人[脸臉]|面部|顔|얼굴|лиц[оа]/,
    why: 'Hallo without one face fails in these words (numpy, insightface); others say it plainly',
  },
  {
    reason: 'audio',
    pattern:
      /audio|\bvoices?\b|\bspeech\b|\bsound\b|\bsample ?rates?\b|\bresampl|\bcodecs?\b|\bsoundfile|sndfile|\blibrosa\b|\bwav2vec|\bwav\b|\bmp3\b|\bogg\b|\bopus\b|\bm4a\b|\bflac\b|\bffmpeg\b|\bvocals?\b|\bloudness\b|\bmel ?spectrogram|\bsilen(?:t|ce)\b|\bbitrate\b|\bchannels? layout\b|\btorchaudio\b|\briff\b|\bwave ?error\b|音频|音頻|语音|音声|오디오|음성|аудио/,
    why: 'the voice; in Hallo only the voice passes through ffmpeg',
  },
  {
    reason: 'image',
    pattern:
      /\bimages?\b|\bpictures?\b|\bphotos?\b|\bpixels?\b|\bportrait\b|\bjpe?g\b|\bpng\b|\bwebp\b|\bpil\b|unidentified ?image|decompression ?bomb|\bimage(?:io|error|format|size)|\baspect ratio\b|\bimread\b|\bopencv\b|\bbild(?:datei)?\b|\bimagen\b|\bimmagine\b|图片|图像|圖片|画像|이미지|изображени/,
    why: 'the portrait',
  },
  {
    reason: 'input',
    pattern:
      /\bunsupported (?:media|file|format|content|mime)|\b(?:file|media|reference|input) (?:\w+ ){0,3}(?:rejected|too large|too big|too long|invalid|corrupt\w*|unsupported|not supported|empty)\b|\binvalid data found\b|\bexceeds (?:the )?maximum\b/,
    why: 'one of the files',
  },
  {
    reason: 'timeout',
    pattern:
      /time ?d? ?out|\b(?:maximum|max|allowed) (?:run|execution|processing) ?time\b|超时|タイムアウト|\bdeadline ?exceeded\b|\btook too long\b|\btime ?limit\b|\betimedout\b|\bexceeded (?:the |its )?(?:maximum |max )?(?:run |execution |processing )?(?:time|duration)\b/,
    why: 'time',
  },
];

/** The reason of a normalised text that reports no block; `provider` where nobody knows. */
export function failureReason(text: string): Reason {
  return RULES.find(({ pattern }) => pattern.test(text))?.reason ?? 'provider';
}
