import type { TransformOptions } from '@babel/core';

export const macroOptions: TransformOptions;
