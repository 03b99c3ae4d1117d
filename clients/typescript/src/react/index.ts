'use client';

export { useFrames, useOnFrame, useSharedWebSocket, useWebSocketHealth, type SharedWebSocket, type WebSocketHealth } from './hooks.js';
export { WebSocketProvider, type WebSocketProviderProps } from './provider.js';
