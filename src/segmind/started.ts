import type { Dispatcher } from 'undici';

/**
 * Tells when undici is about to write a request to a connection. Until then no byte of it was sent, whatever the error is.
 * Writing the same request a second time is refused here, so a POST goes over the wire once at most.
 */
export function whenStarted(onStart: () => void): Dispatcher.DispatcherComposeInterceptor {
  return dispatch => (options, handler) => {
    let started = false;
    return dispatch(options, {
      onRequestStart(controller, context) {
        if (started) throw new Error('a request is written once');
        started = true;
        onStart();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (controller, status, headers, socket) => handler.onRequestUpgrade?.(controller, status, headers, socket),
      onResponseStart: (controller, status, headers, text) => handler.onResponseStart?.(controller, status, headers, text),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    });
  };
}
