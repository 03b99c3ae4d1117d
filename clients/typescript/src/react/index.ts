export const WebSocketProvider=1, useSharedWebSocket=2,useWebSocketHealth=3,useFrames=4,useLastFrame=5;
