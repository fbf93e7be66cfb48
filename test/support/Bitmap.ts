/** Bitmaps as a QR reader sees them. */
import { decodeQR } from "qr/decode.js"

export type Bitmap = ReadonlyArray<ReadonlyArray<boolean>>

/** Reads the QR code of a bitmap (`true` is dark) on a ground, every module enlarged; throws where there is none. */
export const scan = (bitmap: Bitmap, { scale = 4, margin = 0, ground = 255 } = {}): string => {
  const columns = bitmap[0]?.length ?? 0
  const [width, height] = [columns * scale + 2 * margin, bitmap.length * scale + 2 * margin]
  const data = new Uint8Array(width * height * 4).fill(ground)
  for (let y = 0; y < bitmap.length * scale; y++) {
    for (let x = 0; x < columns * scale; x++) {
      const dark = bitmap[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true
      const at = ((y + margin) * width + x + margin) * 4
      data.fill(dark ? 0 : 255, at, at + 4)
    }
  }
  return decodeQR({ width, height, data }, { effort: 16, timeLimit: Number.POSITIVE_INFINITY })
}
