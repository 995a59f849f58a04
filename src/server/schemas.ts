import { z } from 'zod';

/** The shapes on the wire. Names are the API's own, so they are snake_case here and nowhere else. */

const weight = (fallback: number, about: string) => z.number().min(0).max(10).default(fallback).describe(about);

export const halloParameters = z.object({
  input_image: z.string().min(1).describe('URL of the portrait'),
  input_audio: z.string().min(1).describe('URL of the voice'),
  pose_weight: weight(1.4, 'How much the head moves'),
  face_weight: weight(1, 'How much the face moves'),
  lip_weight: weight(1.2, 'How much the lips move'),
  face_expand_ratio: weight(1.2, 'How far the moving region reaches around the face'),
  base64: z.boolean().default(false).describe('v1: answer JSON with the video in base64 instead of its bytes'),
});
export type HalloParameters = z.output<typeof halloParameters>;

export const requestState = z.enum(['QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED']);
export type RequestState = z.infer<typeof requestState>;

export const errorBody = z.object({ error: z.string() });

export const metrics = z.object({
  queue_time: z.number().optional().describe('Seconds from submission to the start'),
  inference_time: z.number().optional().describe('Seconds of the render itself'),
  total_time: z.number().optional().describe('Seconds from submission to the end'),
  cost: z.number().optional().describe('US$, of a completed render only'),
  remaining_credits: z.number().optional().describe('US$ left after this bill'),
});
export type Metrics = z.infer<typeof metrics>;

export const submitAnswer = z.object({
  request_id: z.string(),
  status: z.literal('QUEUED'),
  poll_url: z.string(),
  status_url: z.string(),
  response_url: z.string(),
});

export const statusAnswer = z.object({ status: requestState, request_id: z.string(), metrics });

export const failedAnswer = z.object({ status: z.literal('FAILED'), error: z.string(), metrics, request_id: z.string() });

export const resultAnswer = z.object({
  status: requestState,
  request_id: z.string(),
  error: z.null(),
  metrics,
  output: z.string().optional().describe('URL of the finished mp4; only once COMPLETED'),
});

export const base64Answer = z.object({ image: z.string().describe('The mp4 in base64') });

export const creditsAnswer = z.object({ credits: z.number(), 'free-credits': z.number() });

export const uploadBody = z.object({ data_urls: z.array(z.string()).min(1).max(16).describe('data:<mime>;base64,…') });
export const uploadAnswer = z.object({ file_urls: z.array(z.string()) });

/** Bytes, sent as a stream. */
export const binary = z.unknown().meta({ type: 'string', format: 'binary' });

export const requestParams = z.object({ id: z.string() });
