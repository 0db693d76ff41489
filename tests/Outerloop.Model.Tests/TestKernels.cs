using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests;

/// <summary>
/// Tests that name no tier run on a portable one, so that their tolerances are those of float on every machine. A tier named
/// by the environment is theirs nevertheless.
/// </summary>
internal static class TestKernels
{
    [ModuleInitializer]
    internal static void TakePortable()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(KernelSet.EnvironmentVariable)))
            Environment.SetEnvironmentVariable(KernelSet.EnvironmentVariable, KernelSet.Available[^1].Name);
    }
}
