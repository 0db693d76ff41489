using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests;

/// <summary>
/// Tests that name no tier run on a portable one, so that their tolerances are those of float on every machine: the one that
/// the environment names, or the widest.
/// </summary>
internal static class TestKernels
{
    [ModuleInitializer]
    internal static void TakePortable()
    {
        if (KernelSet.Choose(Environment.GetEnvironmentVariable(KernelSet.EnvironmentVariable)).Format != PackedFormat.Single)
            Environment.SetEnvironmentVariable(KernelSet.EnvironmentVariable, KernelSet.Available[^1].Name);
    }
}
