export { ApiError, type ApiErrorKind, type Problem } from './apiError.js';
export { createApi, type Api, type ApiOptions, type ApiRequest } from './createApi.js';
