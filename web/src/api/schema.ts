import type { paths } from './schema.gen';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;

/** What an operation answers when it goes well. */
export type Answer<P extends keyof paths, M extends Method = 'get'> = paths[P][M] extends { responses: infer R }
  ? Json<R[keyof R & (200 | 201 | 202)]>
  : never;

/** What an operation is sent. */
export type Sent<P extends keyof paths, M extends Method = 'post'> = paths[P][M] extends { requestBody: infer R } ? Json<R> : never;

/** One of the items that a list answers. */
export type Item<P extends keyof paths> = Answer<P> extends { items: (infer T)[] } ? T : never;
