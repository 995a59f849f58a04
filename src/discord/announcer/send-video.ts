import type { Render } from '../../core/render.ts';
import type { Answer } from '../rest.ts';
import type { Texts } from '../texts/texts.ts';
import { linkFacts, videoView } from '../views/outcome.ts';
import type { View } from '../views/view.ts';
import type { VideoFiles, VideoUpload } from './video-files.ts';

/** After a 413 the video is made this much smaller, once. */
const SMALLER = 0.6;

/** Attached where it fits, made smaller once where Discord finds it too large all the same, else linked. */
export async function sendVideo(
  render: Render,
  limitBytes: number,
  { videoFiles, texts }: { videoFiles: VideoFiles; texts: Texts },
  post: (view: View, video?: VideoUpload) => Promise<Answer>,
): Promise<Answer> {
  let maxBytes = limitBytes;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const video = await videoFiles.fitting(render, maxBytes);
    if (video === undefined) break;
    const answer = await post(videoView(render, 'file', texts), video);
    if (answer.kind !== 'too-large') return answer;
    maxBytes = Math.floor(Math.min(video.sizeBytes, limitBytes) * SMALLER);
  }
  return post(videoView(render, linkFacts(render) === undefined ? 'lost' : 'link', texts));
}
