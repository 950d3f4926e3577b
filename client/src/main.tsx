import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { App } from './app/App.js';
import { RoomBoundary } from './app/RoomBoundary.js';
import { RoomNotLoaded } from './app/rooms.js';
import { readStamp } from './app/stamp.js';
import { basePath } from './ui/basePath.js';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const stamp = readStamp(document.getElementById('stamped-balance')?.textContent);
createRoot(root, {
  // Code that did not arrive is told on the page, with a way on.
  onCaughtError(error) {
    if (!(error instanceof RoomNotLoaded)) reportError(error);
  },
}).render(
  <StrictMode>
    <Router base={basePath}>
      <RoomBoundary what="The page">
        <App stamp={stamp} />
      </RoomBoundary>
    </Router>
  </StrictMode>,
);
