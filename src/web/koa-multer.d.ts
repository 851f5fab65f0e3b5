// @koa/multer brings no types of its own; these are what we use of it.
declare module '@koa/multer' {
  import type { Middleware } from 'koa';

  type Reader = { any(): Middleware; none(): Middleware };
  type Options = {
    storage: unknown;
    defParamCharset?: string;
    limits?: { fieldSize?: number; fields?: number; files?: number; fileSize?: number };
  };
  function multer(options: Options): Reader;
  namespace multer {
    function memoryStorage(): unknown;
  }
  export default multer;
}
