/**
 * Elementary functions in float32, accurate to about 2e-7 relative. The GLSL built-ins will not do: real GPUs may be
 * off by 2⁻¹¹ absolute in sin, and by several units in exp, log and pow. Each function reduces its argument and
 * evaluates a near-minimax polynomial, fitted by weighted least squares (Lawson's iteration) on the reduced interval.
 */

interface LibraryFunction {
  readonly uses?: readonly LibraryName[];
  readonly source: string;
}

/** Horner's scheme in `x`, from the constant coefficient upwards. */
function horner(x: string, coefficients: readonly number[]): string {
  return coefficients
    .map(literal)
    .reverse()
    .reduce((sum, coefficient) => `(${sum} * ${x} + ${coefficient})`);
}

const literal = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

/** (eʳ − 1 − r)/r² for |r| ≤ ln(2)/2. */
const EXP = [0.5, 0.166666657, 0.0416662917, 0.00833349861, 0.00139449479, 0.000197901143];
/** (log(1+f) − f + f²/2)/f³ for √½ ≤ 1+f ≤ √2. */
const LOG = [
  0.333333105, -0.249999866, 0.200022191, -0.166692451, 0.142187804, -0.123844944, 0.118723094, -0.117887996,
  0.0691557825,
];
/** (sin r − r)/r³ and (cos r − 1 + r²/2)/r⁴ in r², for |r| ≤ π/4. */
const SIN = [-0.166666552, 0.00833216682, -0.000195156885];
const COS = [0.0416666456, -0.00138873525, 2.44367129e-5];
/** (arcsin x − x)/x³ in x², for |x| ≤ ½. */
const ARCSIN = [0.166667536, 0.0749525204, 0.0454760082, 0.0241523404, 0.0422112942];
/** (arctan x − x)/x³ in x², for |x| ≤ tan(π/8). */
const ARCTAN = [-0.333333164, 0.199984938, -0.142439187, 0.105964474, -0.0608445778];
/** (tanh x − x)/x³ in x², for |x| ≤ 0.625. */
const TANH = [-0.333332837, 0.133314937, -0.0537436604, 0.0206510425, -0.00571749546];
/** (sinh x − x)/x³ in x², for |x| ≤ 1. */
const SINH = [0.166666672, 0.00833335053, 0.000198360663, 2.81743564e-6];
/** erf(x)/x in x², for |x| ≤ 1. */
const ERF = [1.12837911, -0.37612626, 0.112836003, -0.0268544443, 0.00518953521, -0.000802084105, 7.8891193e-5];
/** erfc(x)·exp(x²) in 2/(2+x), for x from ½ to 11, where float32 ends. */
const ERFCX = [
  3.2146163e-6, 0.281992674, 0.283506602, 0.235659286, 0.232245132, -0.100392587, 0.394334227, -0.599338591,
  0.344910204, -0.0729264319,
];

/** ln 2 in two parts: multiples of the first by small whole numbers are exact. */
const LN2_HIGH = '0.693359375';
const LN2_LOW = '-2.12194440e-4';

const LIBRARY = {
  scale: {
    source: `
// x·2ⁿ, in two steps so that neither factor leaves the range.
float scale(float x, int n) {
  int h = n / 2;
  return x * uintBitsToFloat(uint(h + 127) << 23) * uintBitsToFloat(uint(n - h + 127) << 23);
}`,
  },
  expTail: { source: `float expTail(float r) { return ${horner('r', EXP)}; }` },
  exponential: {
    uses: ['scale', 'expTail'],
    source: `
float exponential(float x) {
  if (isNotANumber(x)) return x;
  x = clamp(x, -104.0, 89.0);
  float n = roundEven(x * 1.44269504);
  float r = (x - n * ${LN2_HIGH}) - n * ${LN2_LOW};
  return scale(1.0 + (r + r * r * expTail(r)), int(n));
}`,
  },
  exponential2: {
    uses: ['scale', 'expTail'],
    source: `
float exponential2(float x) {
  if (isNotANumber(x)) return x;
  x = clamp(x, -151.0, 129.0);
  float n = roundEven(x);
  float r = (x - n) * 0.693147181;
  return scale(1.0 + (r + r * r * expTail(r)), int(n));
}`,
  },
  exponentialMinus1: {
    uses: ['exponential'],
    source: `
float exponentialMinus1(float x) {
  return abs(x) < 0.34 ? x + x * x * expTail(x) : exponential(x) - 1.0;
}`,
  },
  logTail: { source: `float logTail(float f) { return f * f * f * ${horner('f', LOG)}; }` },
  splitExponent: {
    source: `
// x = 2ᵉ·(1 + f) with √½ ≤ 1 + f < √2, for positive finite x; returns f.
float splitExponent(float x, out float e) {
  e = 0.0;
  if (x < 1.17549435e-38) {
    x *= 33554432.0;
    e = -25.0;
  }
  uint bits = floatBitsToUint(x);
  e += float(int(bits >> 23) - 127);
  float m = uintBitsToFloat((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.41421356) {
    m *= 0.5;
    e += 1.0;
  }
  return m - 1.0;
}`,
  },
  logOf1Plus: {
    uses: ['logTail'],
    source: `float logOf1Plus(float f) { return f - (0.5 * f * f - logTail(f)); }`,
  },
  outsideLog: {
    source: `
// Whether log has no finite value at x, and which it has then.
bool outsideLog(float x, out float value) {
  value = isNotANumber(x) || x < 0.0 ? NOT_A_NUMBER : x == 0.0 ? -INFINITE : x;
  return !(x > 0.0) || isInfinite(x);
}`,
  },
  logarithm: {
    uses: ['splitExponent', 'logTail', 'outsideLog'],
    source: `
float logarithm(float x) {
  float value, e;
  if (outsideLog(x, value)) return value;
  float f = splitExponent(x, e);
  return (f + (e * ${LN2_LOW} - (0.5 * f * f - logTail(f)))) + e * ${LN2_HIGH};
}`,
  },
  logarithm2: {
    uses: ['splitExponent', 'logOf1Plus', 'outsideLog'],
    source: `
float logarithm2(float x) {
  float value, e;
  if (outsideLog(x, value)) return value;
  float f = splitExponent(x, e);
  return e + logOf1Plus(f) * 1.44269504;
}`,
  },
  logarithm10: {
    uses: ['splitExponent', 'logOf1Plus', 'outsideLog'],
    source: `
float logarithm10(float x) {
  float value, e;
  if (outsideLog(x, value)) return value;
  float f = splitExponent(x, e);
  // log₁₀ 2 in two parts, the first of 11 bits.
  return e * 0.301025390625 + (e * 4.60503907e-6 + logOf1Plus(f) * 0.434294482);
}`,
  },
  logarithm1p: {
    uses: ['logarithm', 'logOf1Plus'],
    source: `
float logarithm1p(float x) {
  return x > -0.29 && x < 0.41 ? logOf1Plus(x) : logarithm(1.0 + x);
}`,
  },
  angle: {
    source: `
// x minus the nearest multiple of π/2, whose number's low bits are the quadrant. Exact products up to |x| = 8192.
float reduceAngle(float x, out int quadrant) {
  float n = roundEven(x * 0.636619772);
  quadrant = int(n) & 3;
  return ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
}
float sineNear0(float r) { float z = r * r; return r + r * z * ${horner('z', SIN)}; }
float cosineNear0(float r) { float z = r * r; return 1.0 - (0.5 * z - z * z * ${horner('z', COS)}); }`,
  },
  sine: {
    uses: ['angle'],
    source: `
float sine(float x) {
  int q;
  float r = reduceAngle(x, q);
  float y = (q & 1) == 0 ? sineNear0(r) : cosineNear0(r);
  return (q & 2) == 0 ? y : -y;
}`,
  },
  cosine: {
    uses: ['angle'],
    source: `
float cosine(float x) {
  int q;
  float r = reduceAngle(x, q);
  float y = (q & 1) == 0 ? cosineNear0(r) : sineNear0(r);
  return ((q + 1) & 2) == 0 ? y : -y;
}`,
  },
  tangent: {
    uses: ['angle'],
    source: `
float tangent(float x) {
  int q;
  float r = reduceAngle(x, q);
  return (q & 1) == 0 ? sineNear0(r) / cosineNear0(r) : -cosineNear0(r) / sineNear0(r);
}`,
  },
  arcsineNear0: {
    source: `float arcsineNear0(float x) { float z = x * x; return x + x * z * ${horner('z', ARCSIN)}; }`,
  },
  arcsine: {
    uses: ['arcsineNear0'],
    source: `
float arcsine(float x) {
  float m = abs(x);
  if (!(m <= 1.0)) return NOT_A_NUMBER;
  float y = m <= 0.5 ? arcsineNear0(m) : 1.57079633 - 2.0 * arcsineNear0(sqrt(0.5 - 0.5 * m));
  return x < 0.0 ? -y : y;
}`,
  },
  arccosine: {
    uses: ['arcsineNear0'],
    source: `
float arccosine(float x) {
  float m = abs(x);
  if (!(m <= 1.0)) return NOT_A_NUMBER;
  if (m <= 0.5) return 1.57079633 - arcsineNear0(x);
  float y = 2.0 * arcsineNear0(sqrt(0.5 - 0.5 * m));
  return x < 0.0 ? 3.14159265 - y : y;
}`,
  },
  arctangent: {
    source: `
float arctangent(float x) {
  float m = abs(x);
  float r = m > 2.41421356 ? -1.0 / m : m > 0.414213562 ? (m - 1.0) / (m + 1.0) : m;
  float base = m > 2.41421356 ? 1.57079633 : m > 0.414213562 ? 0.785398163 : 0.0;
  float z = r * r;
  float y = base + (r + r * z * ${horner('z', ARCTAN)});
  return isSigned(x) ? -y : y;
}`,
  },
  arctangent2: {
    uses: ['arctangent'],
    source: `
float arctangent2(float y, float x) {
  if (isNotANumber(x) || isNotANumber(y)) return NOT_A_NUMBER;
  float angle;
  if (isInfinite(x) && isInfinite(y)) angle = 0.785398163;
  else if (y == 0.0) angle = 0.0;
  else angle = arctangent(abs(y) / abs(x));
  if (isSigned(x)) angle = 3.14159265 - angle;
  return isSigned(y) ? -angle : angle;
}`,
  },
  hyperbolicSine: {
    uses: ['exponential'],
    source: `
float hyperbolicSine(float x) {
  float m = abs(x);
  float z = x * x;
  if (m <= 1.0) return x + x * z * ${horner('z', SINH)};
  float h = exponential(0.5 * m);
  float y = (0.5 * h) * h - 0.5 / (h * h);
  return x < 0.0 ? -y : y;
}`,
  },
  hyperbolicCosine: {
    uses: ['exponential'],
    source: `
float hyperbolicCosine(float x) {
  float h = exponential(0.5 * abs(x));
  return (0.5 * h) * h + 0.5 / (h * h);
}`,
  },
  hyperbolicTangent: {
    uses: ['exponential'],
    source: `
float hyperbolicTangent(float x) {
  float m = abs(x);
  float z = x * x;
  if (m < 0.625) return x + x * z * ${horner('z', TANH)};
  float y = 1.0 - 2.0 / (exponential(2.0 * m) + 1.0);
  return x < 0.0 ? -y : y;
}`,
  },
  errorFunction: {
    uses: ['errorComplement'],
    source: `
float errorFunction(float x) {
  if (abs(x) <= 1.0) return errorNear0(x);
  float y = 1.0 - errorTail(abs(x));
  return x < 0.0 ? -y : y;
}`,
  },
  errorComplement: {
    uses: ['exponential'],
    source: `
float errorNear0(float x) { float z = x * x; return x * ${horner('z', ERF)}; }
// erfc for x ≥ ½. x² is taken in two parts, or its rounding would be multiplied by x².
float errorTail(float x) {
  if (isNotANumber(x)) return x;
  x = min(x, 11.0);
  float t = 2.0 / (2.0 + x);
  float s = uintBitsToFloat(floatBitsToUint(x) & 0xfffff000u);
  return exponential(-s * s) * exponential((s - x) * (s + x)) * ${horner('t', ERFCX)};
}
float errorComplement(float x) {
  if (abs(x) < 0.5) return 1.0 - errorNear0(x);
  return x < 0.0 ? 2.0 - errorTail(-x) : errorTail(x);
}`,
  },
  sigmoid: {
    uses: ['exponential'],
    source: 'float sigmoid(float x) { return 1.0 / (1.0 + exponential(-x)); }',
  },
  softplus: {
    uses: ['exponential', 'logarithm1p'],
    source:
      'float softplus(float x) { return max(x, 0.0) + (isNotANumber(x) ? x : logarithm1p(exponential(-abs(x)))); }',
  },
  twoProduct: {
    source: `
// a·b = p + (returned): the rounding error of a product (Dekker 1971).
float productError(float a, float b, float p) {
  float ca = a * 4097.0, cb = b * 4097.0;
  float ha = ca - (ca - a), hb = cb - (cb - b);
  float la = a - ha, lb = b - hb;
  return ((ha * hb - p) + ha * lb + la * hb) + la * lb;
}`,
  },
  power: {
    uses: ['twoProduct', 'splitExponent', 'logTail', 'expTail', 'scale'],
    source: `
// |x|ʸ for finite positive |x| ≠ 1: y·log₂|x| in two floats, since 2ᵗ multiplies the error of t by t.
float powerOfPositive(float x, float y) {
  float e;
  float f = splitExponent(x, e);
  float p = f * (0.5 * f);
  float h = f - p;
  float tail = ((f - h) - p) - productError(f, 0.5 * f, p) + logTail(f);
  float lnHigh = h + tail;
  float lnLow = tail - (lnHigh - h);
  float q = lnHigh * 1.44269502;
  float low = productError(lnHigh, 1.44269502, q) + lnHigh * 1.92596303e-8 + lnLow * 1.44269502;
  float log2High = e + q;
  float log2Low = (e == 0.0 ? 0.0 : q - (log2High - e)) + low;
  float t = y * log2High;
  if (t > 130.0) return INFINITE;
  if (t < -155.0) return 0.0;
  float n = roundEven(t);
  float r = ((t - n) + (productError(y, log2High, t) + y * log2Low)) * 0.693147181;
  return scale(1.0 + (r + r * r * expTail(r)), int(n));
}
float power(float x, float y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (isNotANumber(x) || isNotANumber(y)) return NOT_A_NUMBER;
  float m = abs(x);
  bool whole = floor(y) == y;
  bool odd = whole && abs(y) < 16777216.0 && (int(abs(y)) & 1) == 1;
  float s = isSigned(x) && odd ? -1.0 : 1.0;
  if (m == 1.0) return x > 0.0 || whole ? s : NOT_A_NUMBER;
  if (isInfinite(y)) return (m > 1.0) == (y > 0.0) ? INFINITE : 0.0;
  if (m == 0.0 || isInfinite(m)) return s * ((m == 0.0) == (y > 0.0) ? 0.0 : INFINITE);
  if (x < 0.0 && !whole) return NOT_A_NUMBER;
  if (whole && abs(y) <= 8.0) {
    // Few products: rounded less than the logarithm's way, and exact where they are.
    float product = 1.0, square = m;
    for (int n = int(abs(y)); n > 0; n >>= 1) {
      if ((n & 1) == 1) product *= square;
      square *= square;
    }
    return s * (y < 0.0 ? 1.0 / product : product);
  }
  return s * powerOfPositive(m, y);
}`,
  },
  remainder: {
    uses: ['twoProduct'],
    source: `
// a − b·trunc(a/b), by quotients of at most 22 bits, whose products with b are exact in two floats.
float remainder(float a, float b) {
  if (isNotANumber(a) || isNotANumber(b) || isInfinite(a) || b == 0.0) return NOT_A_NUMBER;
  float m = abs(b);
  float r = abs(a);
  if (isInfinite(b) || r < m) return a;
  for (int k = 0; k < 16 && abs(r) >= m; ++k) {
    float q = r / m;
    q = abs(q) < 4194304.0 ? trunc(q) : uintBitsToFloat(floatBitsToUint(q) & 0xfffffffcu);
    float p = q * m;
    r = (r - p) - productError(q, m, p);
  }
  // A quotient that was rounded up leaves too little.
  if (r < 0.0) r += m;
  return isSigned(a) ? -r : r;
}
// As the remainder, with the sign of the divisor.
float modulus(float a, float b) {
  float r = remainder(a, b);
  return r != 0.0 && (r < 0.0) != (b < 0.0) ? r + b : r;
}
float floorQuotient(float a, float b) {
  if (b == 0.0 || isInfinite(a) || isInfinite(b)) return floor(a / b);
  return roundEven((a - modulus(a, b)) / b);
}`,
  },
  wholeNumbers: {
    source: `
// Division by 0 gives 0, as NumPy does; −2³¹ / −1 wraps, which GLSL leaves open.
int floorQuotient(int a, int b) {
  if (b == 0) return 0;
  if (b == -1) return -a;
  int q = a / b;
  return q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
}
int modulus(int a, int b) { return b == 0 ? 0 : a - floorQuotient(a, b) * b; }
int remainder(int a, int b) { return b == 0 || b == -1 ? 0 : a - (a / b) * b; }
int power(int x, int y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? ((y & 1) == 0 ? 1 : -1) : 0;
  int product = 1;
  for (int n = y; n > 0; n >>= 1) {
    if ((n & 1) == 1) product *= x;
    x *= x;
  }
  return product;
}`,
  },
} as const satisfies Record<string, LibraryFunctionShape>;

/** As {@link LibraryFunction}, but for the names, which the table itself defines. */
interface LibraryFunctionShape {
  readonly uses?: readonly string[];
  readonly source: string;
}

export type LibraryName = keyof typeof LIBRARY;

/** The sources of these functions and of all that they use, each once and before its users. */
export function library(names: readonly LibraryName[]): string {
  const included = new Map<LibraryName, string>();
  const include = (name: LibraryName) => {
    if (included.has(name)) return;
    const { uses = [], source }: LibraryFunction = LIBRARY[name];
    for (const used of uses) include(used);
    included.set(name, source);
  };
  for (const name of names) include(name);
  return `${[...included.values()].join('\n')}\n`;
}
