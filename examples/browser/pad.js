/** A canvas to draw on with mouse, pen or finger. */

const LINE_WIDTH = 22;

/** Makes `canvas` a pad. `changed` is called after each piece of a stroke. Returns a function that clears it. */
export function makePad(canvas, changed) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  Object.assign(context, { lineWidth: LINE_WIDTH, lineCap: 'round', lineJoin: 'round', strokeStyle: '#1b1f24' });
  let last = null;

  const placeOf = ({ offsetX, offsetY }) => ({
    x: (offsetX * canvas.width) / canvas.clientWidth,
    y: (offsetY * canvas.height) / canvas.clientHeight,
  });
  const drawTo = (place) => {
    context.beginPath();
    context.moveTo(last.x, last.y);
    context.lineTo(place.x, place.y);
    context.stroke();
    last = place;
    changed();
  };

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = placeOf(event);
    drawTo(last);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (last) drawTo(placeOf(event));
  });
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, () => {
      last = null;
    });
  }
  return () => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    changed();
  };
}
